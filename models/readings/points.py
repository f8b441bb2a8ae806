"""The values that a reading shows of each KPI, with their bounds."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.kinds import names
from models.kpis.bounds import UNKNOWN, Interval
from models.kpis.kpi import Kpi
from models.readings.scope_reading import Reading
from models.scopes import BOUNDED_SCOPES, ScopeName
from models.windows import FLIGHT


class Point(NamedTuple):
    """One value of a KPI, absent where it is None; `part` tells those of a labelled KPI apart.

    `bounds` hold at one look, `always` at every look at once.
    """

    part: str | None
    value: float | None
    bounds: Interval
    always: Interval = UNKNOWN


def points(kpi: Kpi, reading: Reading) -> Sequence[Point]:
    """List what a reading shows of a KPI; of one without windows, the flight's reading alone shows it.

    At campaign scope every value of its label is given, seen or not, so that an alert can tell 0 from absent.
    """
    scope = reading.scope.name
    if scope not in kpi.scopes or not (kpi.windowed or reading.window == FLIGHT):
        return ()
    found = kpi.compute(reading.figures)
    if found is None or isinstance(found, float | int):
        return (Point(None, found, _bounds(kpi, reading, found), _always(kpi, reading, found)),)
    parts = parts_of(kpi, scope, found)
    return [Point(part, value, _bounds(kpi, reading, value)) for part, value in parts.items()]


def parts_of(kpi: Kpi, scope: ScopeName, found: Mapping[str, float]) -> Mapping[str, float]:
    """Return the values of a KPI that are shown by its label, of those `found` at a scope."""
    return {**dict.fromkeys(names(kpi.kinds), 0.0), **found} if scope == "campaign" else found


def _bounds(kpi: Kpi, reading: Reading, value: float | None) -> Interval:
    if kpi.bounds is None or reading.scope.name not in BOUNDED_SCOPES:
        return UNKNOWN
    return kpi.bounds.compute(reading.figures, value)


def _always(kpi: Kpi, reading: Reading, value: float | None) -> Interval:
    if kpi.always is None or reading.scope.name != "campaign" or reading.window != FLIGHT:
        return UNKNOWN
    return kpi.always.compute(reading.figures, value)

"""The figures of a reading as views give them: a KPI's value with all that says how it is to be read."""

import math
from collections.abc import Collection, Iterator, Mapping

import msgspec

from models.campaigns.campaign import Campaign
from models.kpis.catalogue import KPIS, kpi_judged_by
from models.kpis.doubts import is_misleading, is_small
from models.kpis.kpi import Bound, Kpi, Value
from models.kpis.verdict import Verdict
from models.readings.points import parts_of, points
from models.readings.scope_reading import Reading
from models.readings.verdicts import verdicts
from models.windows import FLIGHT


class Limit(msgspec.Struct, frozen=True):
    """A threshold of a campaign: its limit, and the sample below which its verdict is too early to say."""

    bound: Bound
    value: float
    min_sample: int


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A KPI of one scope in one window; what there is none of is None, and absent in JSON.

    `lower` and `upper` bound the value at one look, `always_lower` and `always_upper` at every look at once.
    A KPI with a label has `parts` by what the label says, and their sum as its value. `small`: the sample is
    too small for the value to say much; `misleading`: a share of more than all.
    """

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    always_lower: float | None = None
    always_upper: float | None = None
    verdict: Verdict | None = None
    threshold: Limit | None = None
    parts: dict[str, float] | None = None
    small: bool = False
    misleading: bool = False


ALL_KPIS: frozenset[str] = frozenset(kpi.id for kpi in KPIS)
NOTHING = Figure()


def figures_of(campaign: Campaign, reading: Reading, wanted: Collection[str] = ALL_KPIS) -> dict[str, Figure]:
    """Return the figures of a reading by KPI, of the wanted ones; those that say nothing are left out."""
    judged = dict(_judged(campaign, reading)) if reading.scope.name == "campaign" else {}
    made = {kpi.id: _figure(kpi, reading, judged.get(kpi.id)) for kpi in _shown(reading, wanted)}
    return {name: figure for name, figure in made.items() if figure != NOTHING}


def _shown(reading: Reading, wanted: Collection[str]) -> Iterator[Kpi]:
    for kpi in KPIS:
        windowed = kpi.windowed or reading.window == FLIGHT
        if kpi.id in wanted and windowed and reading.scope.name in kpi.scopes:
            yield kpi


def _figure(kpi: Kpi, reading: Reading, judged: tuple[Limit, Verdict] | None) -> Figure:
    if kpi.label is not None:
        return _of_parts(kpi, reading, kpi.compute(reading.figures))
    (point,) = points(kpi, reading)
    value = _known(point.value)
    lower, upper, always_lower, always_upper = map(_known, (*point.bounds, *point.always))
    threshold, verdict = judged or (None, None)
    return Figure(
        value,
        lower,
        upper,
        always_lower,
        always_upper,
        verdict,
        threshold,
        small=value is not None and is_small(kpi, reading.figures),
        misleading=value is not None and is_misleading(kpi, value),
    )


def _of_parts(kpi: Kpi, reading: Reading, found: Value) -> Figure:
    """Bounds of parts are not those of their sum, and are left to the page of metrics."""
    assert isinstance(found, Mapping), f"{kpi.id} has a label"
    parts = {part: float(value) for part, value in parts_of(kpi, reading.scope.name, found).items()}
    return Figure(sum(parts.values()), parts=parts) if parts else NOTHING


def _judged(campaign: Campaign, reading: Reading) -> Iterator[tuple[str, tuple[Limit, Verdict]]]:
    for threshold, verdict in verdicts(campaign, reading):
        limit = campaign.thresholds.limit(threshold)
        assert limit is not None, "only KPIs with a limit are judged"
        least = campaign.min_sample.least(threshold)
        yield kpi_judged_by(threshold.name).id, (Limit(threshold.bound, limit, least), verdict)


def _known(value: float | None) -> float | None:
    """Return what is finite as a plain number: bounds may come as numpy's."""
    return float(value) if value is not None and math.isfinite(value) else None

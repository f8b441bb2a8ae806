"""The values that a block shows of each KPI, with their bounds: points, as columns."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from models.core.columns import Ints
from models.kpis.bounds import UNKNOWN, Interval
from models.kpis.figures import Figures
from models.kpis.kpi import Kpi
from models.kpis.numbers import is_column
from models.readings.blocks import Block
from models.readings.points import parts_of
from models.scopes import BOUNDED_SCOPES
from models.statistics.gamma import Floats
from models.statistics.intervals import Number

Sides = tuple[Floats | None, ...]


class PointColumns(NamedTuple):
    """Values of a KPI at lines of a block; `part` tells those of a labelled KPI apart.

    `columns` are the values, their bounds at one look, and those at every look at once; None where there are
    none, NaN at a line where one is absent.
    """

    part: str | None
    lines: Ints
    columns: Sides


def columns_of(kpi: Kpi, block: Block) -> Iterator[PointColumns]:
    """List what a block shows of a KPI, as models.readings.points does of one reading."""
    figures, lines = block.figures, np.arange(len(block.keys))
    if not kpi.windowed:
        figures, lines = block.of_flight, block.flight
    found = kpi.compute(figures)
    if not isinstance(found, Mapping):
        values = _column(found, len(lines))
        yield PointColumns(None, lines, (values, *_bounds(kpi, block, figures, values), *_UNSEEN))
        if kpi.always is not None and block.scope == "campaign":
            always = kpi.always.compute(block.of_flight, kpi.compute(block.of_flight))
            sides = [_column(side, len(block.flight)) for side in always]
            yield PointColumns(None, block.flight, (None, *_UNSEEN, *sides))
        return
    for part, count in parts_of(kpi, block.scope, found).items():
        values = _column(count, len(lines))
        bounds = _bounds(kpi, block, figures, values)
        if block.scope == "campaign":
            yield PointColumns(part, lines, (values, *bounds, *_UNSEEN))
        else:
            here = np.flatnonzero(values)
            seen = [None if side is None else side[here] for side in (values, *bounds)]
            yield PointColumns(part, lines[here], (*seen, *_UNSEEN))


_UNSEEN = (None, None)


def _bounds(kpi: Kpi, block: Block, figures: Figures, values: Floats) -> Sides:
    if kpi.bounds is None or block.scope not in BOUNDED_SCOPES:
        return _UNSEEN
    found: Interval = kpi.bounds.compute(figures, values)
    return tuple(_column(side, len(values)) for side in found) if found is not UNKNOWN else _UNSEEN


def _column(number: Number, length: int) -> Floats:
    """Return a column, also of what is the same everywhere."""
    if is_column(number):
        return number.astype(np.float64)  # type: ignore[no-any-return]  # an array has a type of its own
    return np.full(length, np.nan if number is None else number)

"""How fast and how regularly each person acts: the last times of their interactions, and how many an hour."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.authenticity.limits import A_DAY, CLOSE, HALF_HOUR, TIMES
from models.authenticity.table import NO_ROW, Index, Table, row_for
from models.core.columns import Ints
from models.core.compiling import F64, I64, Int, compiled, inlined
from models.core.tables import Keys

Floats = npt.NDArray[np.float64]

_CLOSE, _HALF_HOUR, _DAY = I64(CLOSE), I64(HALF_HOUR), I64(A_DAY)
_ONE, _NONE = I64(1), I64(-1)
IRREGULAR = F64(1e9)
"""The variation where there are too few intervals, or where they stretch over more than a day."""


class Paces(NamedTuple):
    """By person the times, ascending; the half hour of the last, and how many came in it and the one before.

    Two half hours are an hour at most: whoever is over a limit in them is over it in some hour, whenever it
    began.
    """

    sizes: Ints
    times: Ints
    halves: Ints
    here: Ints
    before: Ints


class Paced(NamedTuple):
    """What is measured of each interaction.

    `close`: the most interactions of its person in any 10 s that hold it, itself included; 0 where it is
    older than what is remembered. `hourly`: those in the half hour of the person's last one and the one
    before, if it is in either. `variations`: the coefficient of variation of the last intervals, if it is
    among what these are between.
    """

    close: Ints
    hourly: Ints
    variations: Floats


def new_paces(persons: int) -> Table[Paces]:
    """Return a table that knows nobody."""
    none = np.empty(0, np.int64)
    return Table(Paces(none, np.empty((0, TIMES), np.int64), none, none, none), persons, A_DAY)


def pace(table: Table[Paces], persons: Keys, times: Ints) -> Paced:
    """Measure interactions of known persons, in their order, and remember them."""
    many, done = len(persons), 0
    paced = Paced(np.zeros(many, np.int64), np.zeros(many, np.int64), np.full(many, IRREGULAR))
    while done < many:
        done = pace_from(done, table.floor, table.index, table.columns, persons, times, paced)
        if done < many:
            table.make_room()
    return paced


@compiled
def pace_from(
    start: int, floor: int, index: Index, paces: Paces, persons: Keys, times: Ints, paced: Paced
) -> int:
    """Measure interactions from one on; return the one before which there is no room, or their number."""
    for at in range(start, len(persons)):
        time = times[at]
        if time < floor:
            continue
        row = row_for(index, persons[at], time)
        if row == NO_ROW:
            return at
        paced.hourly[at] = _count(paces, row, time // _HALF_HOUR)
        place = _insert(paces, row, time)
        if place != _NONE:
            paced.close[at] = _most_close(paces, row, place)
            paced.variations[at] = _variation(paces, row)
    return len(persons)


@inlined
def _count(paces: Paces, row: Int, half: Int) -> Int:
    last = paces.halves[row]
    if half > last:
        paces.before[row] = paces.here[row] if half == last + _ONE else I64(0)
        paces.halves[row], paces.here[row] = half, _ONE
    elif half == last:
        paces.here[row] += _ONE
    elif half == last - _ONE:
        paces.before[row] += _ONE
    else:
        return I64(0)
    return paces.here[row] + paces.before[row]


@inlined
def _insert(paces: Paces, row: Int, time: Int) -> Int:
    """Insert a time where it belongs, in place of the oldest where there are enough; return the place."""
    size, times = I64(paces.sizes[row]), paces.times
    place = size
    while place > 0 and times[row, place - 1] > time:
        place -= _ONE
    if size < TIMES:
        for later in range(size, place, -1):
            times[row, later] = times[row, later - 1]
        paces.sizes[row] = size + _ONE
    else:
        place -= _ONE
        if place < 0:
            return _NONE
        for earlier in range(place):
            times[row, earlier] = times[row, earlier + 1]
    times[row, place] = time
    return place


@inlined
def _most_close(paces: Paces, row: Int, place: Int) -> Int:
    times, right, most = paces.times, I64(paces.sizes[row]) - _ONE, _ONE
    left = place
    while left >= 0 and times[row, place] - times[row, left] < _CLOSE:
        while times[row, right] - times[row, left] >= _CLOSE:
            right -= _ONE
        most = max(most, right - left + _ONE)
        left -= _ONE
    return most


@inlined
def _variation(paces: Paces, row: Int) -> Int:
    """Return the standard deviation of the intervals by their mean, where the row is full."""
    times, last = paces.times, I64(TIMES - 1)
    span = times[row, last] - times[row, 0]
    if paces.sizes[row] < TIMES or span <= 0 or span > _DAY:
        return IRREGULAR
    mean, squares = F64(span) / F64(TIMES - 1), F64(0)
    for at in range(last):
        apart = F64(times[row, at + 1] - times[row, at]) - mean
        squares += apart * apart
    return (squares / F64(TIMES - 1)) ** F64(0.5) / mean

"""Who wrote the same: of each text of a day the last few persons."""

import numpy as np

from models.authenticity.latest import NOWHERE, Latest, add, no_latest, place_of
from models.authenticity.limits import A_DAY, WRITERS
from models.authenticity.table import NO_ROW, Index, Table, row_for, row_of
from models.core.columns import Ints
from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.tables import Keys

_DAY = I64(A_DAY)
NOBODY = U64(0)
"""The person of an interaction that has none."""


def new_copies(texts: int) -> Table[Latest]:
    """Return a table that knows no text."""
    return Table(no_latest(WRITERS), texts, A_DAY)


def writers(table: Table[Latest], texts: Keys, persons: Keys, times: Ints) -> Ints:
    """Count for each text, in their order, the persons who wrote it within 24 h of its time, and remember it.

    Its own person is one of them. One without a person is nobody's: those who are known are counted alone.
    """
    found, done = np.zeros(len(texts), np.int64), 0
    while done < len(texts):
        done = writers_from(done, table.floor, table.index, table.columns, texts, persons, times, found)
        if done < len(texts):
            table.make_room()
    return found


@compiled
def writers_from(
    start: int, floor: int, index: Index, latest: Latest, texts: Keys, persons: Keys, times: Ints, found: Ints
) -> int:
    """Count from one text on; return the one before which there is no room, or their number."""
    for at in range(start, len(texts)):
        person, time = persons[at], times[at]
        if time < floor:
            continue
        if person == NOBODY:
            row = row_of(index, texts[at])
        else:
            row = row_for(index, texts[at], time)
            if row == NO_ROW:
                return at
            _note(latest, row, person, time)
        if row != NO_ROW:
            found[at] = _near(latest, row, time)
    return len(texts)


@inlined
def _note(latest: Latest, row: Int, person: Int, time: Int) -> None:
    place = place_of(latest, row, person)
    if place == NOWHERE:
        add(latest, row, person, time)
    else:
        latest.times[row, place] = max(latest.times[row, place], time)


@inlined
def _near(latest: Latest, row: Int, time: Int) -> Int:
    near = I64(0)
    for place in range(latest.sizes[row]):
        near += abs(latest.times[row, place] - time) < _DAY
    return near

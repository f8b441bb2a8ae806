"""Who comes to the same contents at the same time as the same others, again and again.

Of each person the last contents are remembered with the time of the first interaction there, and of each
content who came last: so two persons are compared only where both are, and only once both have been to
enough contents. Pairs themselves are never stored: honest traffic makes millions.
"""

import numpy as np

from models.authenticity.latest import NOWHERE, Latest, add, no_latest, place_of
from models.authenticity.limits import CROWD, MONTHS, TOGETHER, VISITS
from models.authenticity.table import NO_ROW, Index, Table, row_for, row_of
from models.core.columns import Ints
from models.core.compiling import I64, Int, compiled, inlined
from models.core.tables import Keys

_FULL, _WITHIN = I64(CROWD), I64(TOGETHER)
_NO_PERSONS, _NO_CONTENTS = -1, -2


def new_visits(persons: int) -> Table[Latest]:
    """Return a table of persons and their contents that knows nobody."""
    return Table(no_latest(VISITS), persons, MONTHS)


def new_crowds(contents: int) -> Table[Latest]:
    """Return a table of contents and who came that knows none."""
    return Table(no_latest(CROWD), contents, MONTHS)


def partners(
    visits: Table[Latest], crowds: Table[Latest], persons: Keys, contents: Keys, times: Ints, least: int
) -> Ints:
    """Count for each interaction of a known person the others who came there with them.

    Those count who came with them to `least` contents. Two come together whose first interactions with a
    content are within TOGETHER. In their order, and remember them.
    """
    found, done = np.zeros(len(persons), np.int64), 0
    while True:
        floor = max(visits.floor, crowds.floor)
        came = persons, contents, times
        done, lacks = partners_from(
            done, floor, visits.index, visits.columns, crowds.index, crowds.columns, *came, least, found
        )
        if not lacks:
            return found
        (visits if lacks == _NO_PERSONS else crowds).make_room()


@compiled
def partners_from(
    start: int, floor: int,
    visitors: Index, visits: Latest, seen: Index, crowds: Latest,
    persons: Keys, contents: Keys, times: Ints, least: int, found: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Count from one interaction on; return the one before which there is no room, and in what."""
    for at in range(start, len(persons)):
        person, content, time = persons[at], contents[at], times[at]
        if time < floor:
            continue
        visitor = row_for(visitors, person, time)
        if visitor == NO_ROW:
            return at, _NO_PERSONS
        crowd = row_for(seen, content, time)
        if crowd == NO_ROW:
            return at, _NO_CONTENTS
        place = place_of(visits, visitor, content)
        if place == NOWHERE:
            add(visits, visitor, content, time)
            add(crowds, crowd, person, time)
        else:
            time = visits.times[visitor, place]
        if visits.sizes[visitor] >= least:
            found[at] = _partners(visitors, visits, visitor, crowds, crowd, person, time, least)
    return len(persons), 0


@compiled
def _partners(
    visitors: Index, visits: Latest, visitor: Int, crowds: Latest, crowd: Int,
    person: Int, time: Int, least: Int,
) -> Int:  # fmt: skip
    near, number = I64(0), I64(0)
    for place in range(crowds.sizes[crowd]):
        if abs(crowds.times[crowd, place] - time) > _WITHIN:
            continue
        near += I64(1)
        other = crowds.names[crowd, place]
        if other == person:
            continue
        row = row_of(visitors, other)
        if row != NO_ROW and _shared(visits, visitor, row) >= least:
            number += I64(1)
    return number if near < _FULL else I64(0)


@inlined
def _shared(visits: Latest, one: Int, other: Int) -> Int:
    """Count the contents that two persons came to within TOGETHER."""
    shared = I64(0)
    for place in range(visits.sizes[one]):
        there = place_of(visits, other, visits.names[one, place])
        if there != NOWHERE:
            shared += abs(visits.times[one, place] - visits.times[other, there]) <= _WITHIN
    return shared

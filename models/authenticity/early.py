"""Who comments early on most contents of an influencer, and how many such persons a content has."""

from typing import NamedTuple

import numpy as np

from models.authenticity.columns import Mask
from models.authenticity.copies import NOBODY
from models.authenticity.limits import EARLY, MASK, MONTHS, Caps
from models.authenticity.table import NO_ROW, Index, Table, row_for
from models.core.columns import Ints
from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.tables import Keys

# A content is a bit of a mask, by its number: the 65th of an influencer is taken for the first.
_BITS, _EARLY = I64(MASK), I64(EARLY)
_NO_CONTENT, _NO_INFLUENCER, _NO_FOLLOWER = -1, -2, -3
_MIX = U64(0x9E3779B97F4A7C15)


class Begun(NamedTuple):
    """By content: when its first interaction was, its number among its influencer's, its early regulars."""

    began: Ints
    numbers: Ints
    regulars: Ints


class Known(NamedTuple):
    """By influencer how many contents are known."""

    contents: Ints


class Followers(NamedTuple):
    """By influencer and person the contents that they commented on early, a bit each."""

    contents: Keys


class Tables(NamedTuple):
    """What is remembered of contents, influencers and their followers."""

    begun: Table[Begun]
    known: Table[Known]
    followers: Table[Followers]


class _Columns(NamedTuple):
    contents: Index
    begun: Begun
    influencers: Index
    known: Known
    persons: Index
    followers: Followers


def new_tables(caps: Caps) -> Tables:
    """Return tables that know nothing."""
    none, nobody = np.empty(0, np.int64), np.empty(0, np.uint64)
    return Tables(
        Table(Begun(none, none, none), caps.contents, MONTHS),
        Table(Known(none), caps.influencers, MONTHS),
        Table(Followers(nobody), caps.persons, MONTHS),
    )


class Told(NamedTuple):
    """Interactions: who (NOBODY: not known), with what, of whom, when, and whether it is a comment."""

    persons: Keys
    contents: Keys
    influencers: Keys
    times: Ints
    comments: Mask


def regulars(tables: Tables, told: Told, least: int, share: float) -> Ints:
    """Count for each early comment of a regular the regulars who were early there; 0 for all else.

    A regular has commented within EARLY on `least` contents of the influencer, and on such a share of those
    that are known. In their order, and remember them. Each regular counts once a content.
    """
    found, done = np.zeros(len(told.times), np.int64), 0
    while True:
        floor = max(table.floor for table in tables)
        begun, known, followers = tables
        columns = _Columns(
            begun.index, begun.columns, known.index, known.columns, followers.index, followers.columns
        )
        done, lacks = regulars_from(done, floor, columns, told, least, share, found)
        if not lacks:
            return found
        tables[-lacks - 1].make_room()


@compiled
def regulars_from(
    start: int, floor: int, tables: _Columns, told: Told, least: int, share: float, found: Ints
) -> tuple[int, int]:
    """Count from one interaction on; return the one before which there is no room, and in what."""
    for at in range(start, len(told.times)):
        time, person = told.times[at], told.persons[at]
        if time < floor:
            continue
        content = row_for(tables.contents, told.contents[at], time)
        if content == NO_ROW:
            return at, _NO_CONTENT
        is_new, comments = tables.begun.began[content] == 0, told.comments[at] and person != NOBODY
        if not (is_new or comments):
            tables.begun.began[content] = min(tables.begun.began[content], time)
            continue
        influencer = row_for(tables.influencers, told.influencers[at], time)
        if influencer == NO_ROW:
            return at, _NO_INFLUENCER
        _begin(tables, content, influencer, time)
        if not comments or time - tables.begun.began[content] > _EARLY:
            continue
        follower = row_for(tables.persons, _follower(told.influencers[at], person), time)
        if follower == NO_ROW:
            return at, _NO_FOLLOWER
        found[at] = _regulars(tables, content, influencer, follower, least, share)
    return len(told.times), 0


@inlined
def _begin(tables: _Columns, content: Int, influencer: Int, time: Int) -> None:
    """Note that a content had begun by a time, and number it if it is new."""
    begun, known = tables.begun, tables.known.contents
    if begun.began[content] == 0:
        begun.began[content], begun.numbers[content] = time, known[influencer]
        known[influencer] += 1
    begun.began[content] = min(begun.began[content], time)


@inlined
def _follower(influencer: Int, person: Int) -> Int:
    return (influencer * _MIX) ^ person


@inlined
def _regulars(tables: _Columns, content: Int, influencer: Int, follower: Int, least: Int, share: Int) -> Int:
    begun, commented = tables.begun, tables.followers.contents
    bit = U64(1) << U64(begun.numbers[content] % _BITS)
    is_new = (commented[follower] & bit) == U64(0)
    commented[follower] |= bit
    number, of_all = _ones(commented[follower]), min(tables.known.contents[influencer], _BITS)
    if number < least or number < share * of_all:
        return I64(0)
    begun.regulars[content] += is_new
    return begun.regulars[content]


@inlined
def _ones(mask: Int) -> Int:
    number = I64(0)
    while mask != U64(0):
        mask &= mask - U64(1)
        number += I64(1)
    return number

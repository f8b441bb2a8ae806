"""The cells of last sightings and the counts that follow from them, as loops: the only ones that change them.

A person is counted once a window and slot: in the bucket of their last sighting, as long as the window holds
that and their hash reaches the bucket's threshold (models.reach.bands).
"""

from typing import NamedTuple

import numpy as np

from models.core.columns import Int32s
from models.core.compiling import I64, U64, compiled, inlined
from models.core.tables import EMPTY, Keys, not_empty, position
from models.reach.blocks import BANDS, Mask, Tables, add, count_of
from models.reach.sample import Ints, Levels, highest_level

TABLES = 8
WINDOWS = 5
"""The flight and the rolling windows."""
_TABLE_AT = U64(61)
_SLOT_AT, _TICK = I64(32), I64(0xFFFFFFFF)
_NEVER, _ONE = I64(-1), np.int32(1)
_NO_ROW = U64(0)
# Where a person is counted who is in no bucket: not at all, or when the window comes near them.
_OUT, _AHEAD = I64(-1), I64(-2)


class Window(NamedTuple):
    """What a window counts: see models.reach.window_counts, models.reach.blocks and models.reach.bands.

    `rows` by slot and `number` of the window, 0 for none; `counts` by row and bucket; `band_counts` by level
    besides.
    It covers as many buckets, of `ticks` each, as `thresholds` has columns, from the bucket `first` on.
    `nearest_ahead` has one number, the first bucket beyond those in which somebody was seen.
    """

    rows: Int32s
    number: int
    counts: Tables
    band_counts: Int32s
    thresholds: Levels
    first: int
    ticks: int
    nearest_ahead: Ints


Windows = tuple[Window, ...]
"""WINDOWS of them, the flight first."""
UNUSUAL = -1


@compiled
def usual_pairs(rows: Ints, targets: Ints, last: Int32s, pairs: Ints) -> None:
    """Give each sighting the number of its pair of target and row if that is the last one seen at its row.

    Else UNUSUAL; 0 where it has no target. `last` has by row the last target + 1, and the number of the pair.
    """
    for index in range(len(rows)):
        row, target = rows[index], targets[index]
        if target < 0:
            pairs[index] = 0
        else:
            pairs[index] = last[row, 1] if last[row, 0] == target + 1 else UNUSUAL


@compiled
def by_scope(
    rows: Ints, persons: Keys, ticks: Ints, pairs: Ints,
    slots_of_leaf: Int32s, slots_of_pair: Int32s,
    slots_of: Ints, persons_of: Keys, ticks_of: Ints,
) -> int:  # fmt: skip
    """See everybody in each scope of their leaf, and of their pair of target and leaf; return how often."""
    number = 0
    for index in range(len(rows)):
        row, pair, person, tick = rows[index], pairs[index], persons[index], ticks[index]
        for scope in range(slots_of_leaf.shape[1]):
            slots_of[number], persons_of[number], ticks_of[number] = slots_of_leaf[row, scope], person, tick
            number += 1
        if pair:
            for scope in range(slots_of_pair.shape[1]):
                slots_of[number] = slots_of_pair[pair, scope]
                persons_of[number], ticks_of[number] = person, tick
                number += 1
    return number


@compiled
def spread(
    slots: Ints, persons: Keys, ticks: Ints, rows: Int32s,
    keys: Keys, slots_of: Ints, ticks_of: Ints, ends: Ints,
) -> None:  # fmt: skip
    """Make the key of each sighting's cell; those of a table stand together, up to its place in `ends`.

    Sightings of slots that the first window does not keep are passed over.
    """
    ends[:] = 0
    for index in range(len(slots)):
        slot = slots[index]
        if _is_kept(rows, slot):
            ends[_table_of(persons[index] ^ _mixer(slot))] += 1
    total = I64(0)
    for table in range(TABLES):
        total, ends[table] = total + ends[table], total
    for index in range(len(slots)):
        slot = slots[index]
        if _is_kept(rows, slot):
            key = persons[index] ^ _mixer(slot)
            at = ends[_table_of(key)]
            ends[_table_of(key)] += 1
            keys[at], slots_of[at], ticks_of[at] = not_empty(key), slot, ticks[index]


@inlined
def _is_kept(rows: Int32s, slot: np.int64) -> bool:
    return bool(slot < len(rows) and rows[slot, 0] != 0)


@inlined
def _mixer(slot: np.int64) -> np.uint64:
    """Scatter a slot's number over 64 bits (splitmix64; Steele, Lea, Flood, OOPSLA 2014)."""
    state = U64(slot) * U64(0x9E3779B97F4A7C15)
    state = (state ^ state >> U64(30)) * U64(0xBF58476D1CE4E5B9)
    state = (state ^ state >> U64(27)) * U64(0x94D049BB133111EB)
    return state ^ state >> U64(31)


@inlined
def _table_of(key: np.uint64) -> np.uint64:
    return key >> _TABLE_AT


@compiled
def see(cells: Keys, payload: Ints, windows: Windows, keys: Keys, slots: Ints, ticks: Ints) -> int:
    """Move persons to the bucket of their last sighting; return how many cells are new.

    Who is in no window needs no cell.
    """
    new = 0
    for index in range(len(keys)):
        key, slot, tick = keys[index], slots[index], ticks[index]
        at = position(cells, key)
        known = cells[at] == key
        before = payload[at] & _TICK if known else _NEVER
        if before >= tick:
            continue
        level = highest_level(key ^ _mixer(slot))
        wanted = known
        # One by one: a loop over a tuple takes each out of memory again, and half as long again in all.
        wanted |= _move(windows[0], slot, before, tick, level)
        wanted |= _move(windows[1], slot, before, tick, level)
        wanted |= _move(windows[2], slot, before, tick, level)
        wanted |= _move(windows[3], slot, before, tick, level)
        wanted |= _move(windows[4], slot, before, tick, level)
        if wanted:
            new += not known
            cells[at], payload[at] = key, slot << _SLOT_AT | tick
    return new


@compiled
def touch_counts(windows: Windows, slots: Ints, ticks: Ints) -> np.uint64:
    """Read what sightings are counted in, as tables are touched; what is returned means nothing."""
    read = U64(0)
    for index in range(len(slots)):
        slot, tick = slots[index], ticks[index]
        read |= _peek(windows[0], slot, tick) | _peek(windows[1], slot, tick) | _peek(windows[2], slot, tick)
        read |= _peek(windows[3], slot, tick) | _peek(windows[4], slot, tick)
    return read


@inlined
def _peek(window: Window, slot: np.int64, tick: np.int64) -> np.uint64:
    # Without a question whether the slot has the window: a wrong guess would end all that is under way.
    column = _bucket(window, tick) & I64(window.thresholds.shape[1] - 1)
    return U64(count_of(window.counts, _row_of(window, slot), column))


@compiled
def count_again(cells: Keys, payload: Ints, windows: Windows, chosen: Mask) -> None:
    """Count the persons of chosen slots (never of 0, which none has), a row of `chosen` a window."""
    for at in range(len(cells)):
        slot = payload[at] >> _SLOT_AT
        if chosen[:, slot].any():
            tick, level = payload[at] & _TICK, highest_level(cells[at] ^ _mixer(slot))
            for number in range(len(windows)):
                if chosen[number, slot]:
                    _count(windows[number], slot, tick, level, _ONE)


@compiled
def hold(cells: Keys, payload: Ints, windows: Windows, held: Mask) -> int:
    """Mark the cells that some window holds; return how many they are."""
    number = 0
    for at in range(len(cells)):
        slot, tick = payload[at] >> _SLOT_AT, payload[at] & _TICK
        held[at] = False
        if cells[at] != EMPTY:
            level = highest_level(cells[at] ^ _mixer(slot))
            for window in windows:
                # The flight comes first, and mostly holds them: the others are then not asked.
                held[at] = held[at] or _column(window, slot, tick, level) != _OUT
        number += held[at]
    return number


@inlined
def _move(window: Window, slot: np.int64, before: np.int64, tick: np.int64, level: np.int64) -> bool:
    """Move a person from one bucket of a window to another; return whether the window holds them."""
    if _row_of(window, slot) == _NO_ROW:
        return False
    if before != _NEVER:
        if _bucket(window, before) == _bucket(window, tick):
            return True
        _count(window, slot, before, level, -_ONE)
    return _count(window, slot, tick, level, _ONE)


@inlined
def _count(window: Window, slot: np.int64, tick: np.int64, level: np.int64, sign: np.int32) -> bool:
    """Count a person in the bucket of a tick, or uncount them; return whether the window holds them."""
    column = _column(window, slot, tick, level)
    if column == _AHEAD:
        window.nearest_ahead[0] = min(window.nearest_ahead[0], _bucket(window, tick))
    elif column != _OUT:
        row = _row_of(window, slot)
        add(window.counts, row, column, sign)
        bands = U64(window.counts.heads[row, BANDS])
        if bands:
            window.band_counts[bands, column, level] += sign
    return bool(column != _OUT)


@inlined
def _column(window: Window, slot: np.int64, tick: np.int64, level: np.int64) -> np.int64:
    """Return the column in which a window counts a person last seen at a tick; or _AHEAD, or _OUT."""
    bucket, covered, row = _bucket(window, tick), window.thresholds.shape[1], _row_of(window, slot)
    if row == _NO_ROW or bucket < window.first:
        return _OUT
    if bucket >= window.first + covered:
        return _AHEAD
    # A power of two: a bucket's column is its low bits.
    column = bucket & I64(covered - 1)
    threshold = window.thresholds[U64(window.counts.heads[row, BANDS]), U64(column)]
    return column if level >= threshold else _OUT


@inlined
def _row_of(window: Window, slot: np.int64) -> np.uint64:
    return U64(window.rows[U64(slot), U64(window.number)])


@inlined
def _bucket(window: Window, tick: np.int64) -> np.int64:
    # Of 32 bits, as ticks are: a division of 64 took a seventh of all the time of `see`.
    return I64(np.uint32(tick) // np.uint32(window.ticks))

"""Deltas: what was split and merged again, written and read again, is what it was."""

from functools import reduce
from random import Random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import COLUMNS, TICK, Ids, Sightings, aggregate, latest
from models.scopes import Leaf
from models.state.compaction import compact
from models.state.delta import Delta, merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.orders import Order, Refund, Sale
from models.times import DAY, HOUR, SECOND
from models.windows import ROLLING
from tests.unit.models.building import LEAF, NOON

LEAVES = [LEAF, Leaf("glow", "ana", "reel-2", "tiktok"), Leaf("luz", "ben", "none", "none")]


def delta(seed: int, start: int, size: int) -> Delta:
    """Make a delta of so many records, from a seed."""
    random = Random(seed)
    leaves = random.sample(LEAVES, random.randint(1, 3))

    def column(least: int, most: int, count: int = size) -> np.ndarray:
        return np.array([random.randint(least, most) for _ in range(count)], dtype=np.int64)

    ticks = column((NOON - 2 * DAY) // TICK, NOON // TICK)
    rows = column(0, len(leaves) - 1)
    targets = random.sample(["f1", "f2", "f3"], random.randint(0, 3))
    seen = Sightings(rows, column(1, 9).astype(np.uint64), ticks, column(-1, len(targets) - 1))
    sale = Sale(NOON - random.randint(0, DAY), f"e{seed}", LEAF, "purchase", random.randint(0, 10**9), "EUR")
    return Delta(
        {("impressions", 0): start, ("clicks", 7): 2 * start},
        {("impressions", 0): start + size, ("clicks", 7): 2 * (start + size)},
        leaves,
        aggregate(rows, ticks, column(0, len(COLUMNS) - 1), column(1, 10**6)),
        latest(seen),
        Ids(column(1, 2**40).astype(np.uint64), column((NOON - 3 * HOUR) // SECOND, NOON // SECOND)),
        {("glow", f"o{random.randint(0, 2)}"): Order(sale, bool(seed % 2), {"r": Refund(seed, None)})},
        {"impressions": {"outcome:counted": size, "refused:not_json": seed % 3 + 1}},
        targets,
        {("impressions", 3): start + size},
    )


def deltas(random_seed: int, sizes: list[int]) -> list[Delta]:
    """Make deltas that follow one another."""
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [
        delta(random_seed + number, start, size)
        for number, (start, size) in enumerate(zip(starts, sizes, strict=True))
    ]


def content(one: Delta) -> object:
    """See a delta apart from the order of its leaves and columns."""

    def lines(columns: Sightings | Ids | tuple[np.ndarray, ...]) -> list[tuple[int, ...]]:
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    def at_leaves(columns: Sightings | tuple[np.ndarray, ...]) -> list[tuple[Leaf, list[int]]]:
        return sorted((one.leaves[row], rest) for row, *rest in lines(columns))

    return (
        one.start, one.end, sorted(one.leaves), at_leaves(one.counts),
        sorted((leaf, seen, [*one.targets, ""][of]) for leaf, (*seen, of) in at_leaves(one.sightings)),
        lines(one.ids), one.orders, one.ledger, sorted(one.targets),
    )  # fmt: skip


sizes = st.lists(st.integers(1, 12), min_size=1, max_size=6)
seeds = st.integers(0, 10**6)


@given(seeds, sizes)
def test_what_is_written_is_read_again(seed: int, number: list[int]) -> None:
    for one in deltas(seed, number):
        assert content(decode_delta(encode_delta(one))) == content(one)


@given(seeds, sizes, st.integers(0, 5), st.integers(0, 5))
def test_merging_is_associative(seed: int, number: list[int], first: int, second: int) -> None:
    made = deltas(seed, number)
    left, right = sorted((min(first, len(made)), min(second, len(made))))
    groups = [made[:left], made[left:right], made[right:]]

    at_once = content(merge_deltas(made))

    assert content(merge_deltas([merge_deltas(group) for group in groups if group])) == at_once
    assert content(reduce(lambda one, other: merge_deltas([one, other]), made)) == at_once


@pytest.mark.parametrize("start", [4, 6])
def test_a_delta_that_does_not_begin_where_the_last_ended_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match=rf"begins at \{{\('impressions', 0\): {start}"):
        merge_deltas([delta(1, 0, 5), delta(2, start, 3)])


@given(seeds, sizes, st.integers(0, 3 * DAY))
def test_settling_changes_no_window_and_can_be_repeated(seed: int, number: list[int], later: int) -> None:
    whole = merge_deltas(deltas(seed, number))
    now = NOON + later
    settled = compact(whole, now)

    for window in ROLLING:
        width, first = window.bucket // TICK, window.first_bucket(now)

        def inside(one: Delta, width: int = width, first: int = first) -> list[tuple[int, ...]]:
            buckets = one.counts.ticks // width
            held = one.counts._replace(ticks=buckets)
            lines = zip(*(column[buckets >= first].tolist() for column in held), strict=True)
            summed: dict[tuple[int, ...], int] = {}
            for *place, amount in lines:
                summed[tuple(place)] = summed.get(tuple(place), 0) + amount
            return sorted((*place, amount) for place, amount in summed.items())

        assert inside(settled) == inside(whole)
    assert settled.counts.amounts.sum() == whole.counts.amounts.sum()
    assert content(compact(settled, now)) == content(settled)
    assert settled.ids.arrivals.min() >= whole.ids.arrivals.max() - HOUR // SECOND


@pytest.mark.parametrize("data", [b"", b"\x00", b"[1]", b"\xc1", msgspec.msgpack.encode([])])
def test_damaged_state_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="state cannot be read"):
        decode_delta(data)


def test_state_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 1, this release reads"):
        decode_delta(msgspec.msgpack.encode([1, {}]))


def test_columns_are_known_by_name_and_an_unknown_one_is_refused() -> None:
    version, start, end, leaves, columns, *rest = msgspec.msgpack.decode(encode_delta(delta(1, 0, 9)))
    renamed = msgspec.msgpack.encode([version, start, end, leaves, [*columns[:-1], "stars"], *rest])

    with pytest.raises(ValueError, match="counts stars"):
        decode_delta(renamed)

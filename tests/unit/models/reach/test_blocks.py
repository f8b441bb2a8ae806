"""Counts in blocks are what a table with a count for each row and bucket would say."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reach.blocks import Blocks, add, count_of

ROWS, BUCKETS = 5, 64
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["count", "count", "uncount", "forget", "clear", "lower"]), st.integers(0, 2**32)
    ),
    max_size=30,
)


class Plain:
    """A count for each row and bucket."""

    def __init__(self, buckets: int) -> None:
        self.counts = np.zeros((ROWS, buckets), int)

    def take(self, step: str, seed: int, blocks: Blocks) -> None:
        """Do the same here and in blocks."""
        random = Random(seed)
        act: Callable[[Blocks, Random], None] = getattr(self, step)
        act(blocks, random)

    def count(self, blocks: Blocks, random: Random) -> None:
        places = [(random.randrange(1, ROWS), random.randrange(self.counts.shape[1])) for _ in range(9)]
        blocks.make_room(len(places))
        for row, bucket in places:
            self.add(blocks, row, bucket, 1)

    def uncount(self, blocks: Blocks, random: Random) -> None:
        for row, bucket in np.argwhere(self.counts).tolist():
            if random.random() < 0.5:
                self.add(blocks, row, bucket, -1)

    def add(self, blocks: Blocks, row: int, bucket: int, sign: int) -> None:
        add(blocks.tables, np.uint64(row), np.int64(bucket), np.int32(sign))
        self.counts[row, bucket] += sign

    def forget(self, blocks: Blocks, random: Random) -> None:
        if self.counts.shape[1] == 1:
            return
        first, number = random.randrange(self.counts.shape[1]), random.randint(1, self.counts.shape[1])
        left = np.arange(first, first + number) % self.counts.shape[1]
        blocks.forget(left)
        self.counts[:, left] = 0

    def clear(self, blocks: Blocks, random: Random) -> None:
        rows = np.array(random.sample(range(ROWS), random.randint(0, ROWS)), int)
        blocks.clear(rows)
        self.counts[rows] = 0

    def lower(self, blocks: Blocks, random: Random) -> None:
        row = random.randrange(1, ROWS)
        self.counts[row] //= 2
        blocks.lower(row, self.counts[row].copy())


def blocks_of(buckets: int) -> Blocks:
    blocks = Blocks(buckets)
    for row in range(1, ROWS):
        blocks.open(row)
    return blocks


def spread_out(blocks: Blocks) -> np.ndarray:
    """Return the counts by row and bucket; of one bucket they are the totals."""
    numbers = blocks.tables.heads[:ROWS, 2:]
    return blocks.tables.counts[numbers].reshape(ROWS, -1) if numbers.size else blocks.totals[:ROWS, None]


def held(blocks: Blocks) -> list[int]:
    """Return the blocks that rows have, in their order."""
    numbers = blocks.tables.heads[:, 2:]
    return sorted(numbers[numbers > 0].tolist())


@pytest.mark.parametrize("buckets", [1, BUCKETS])
@given(STEPS)
def test_blocks_count_what_a_plain_table_does(buckets: int, steps: list[tuple[str, int]]) -> None:
    blocks, plain = blocks_of(buckets), Plain(buckets)
    for step, seed in steps:
        plain.take(step, seed, blocks)

        assert spread_out(blocks).tolist() == plain.counts.tolist()
        assert blocks.totals[:ROWS].tolist() == plain.counts.sum(axis=1).tolist()
    for (row, bucket), count in np.ndenumerate(plain.counts):
        assert count_of(blocks.tables, np.uint64(row), np.int64(bucket)) == count


@pytest.mark.parametrize("buckets", [1, BUCKETS])
@given(STEPS)
def test_each_block_is_of_one_row_or_spare_and_then_empty(buckets: int, steps: list[tuple[str, int]]) -> None:
    blocks, plain = blocks_of(buckets), Plain(buckets)
    for step, seed in steps:
        plain.take(step, seed, blocks)

        _, counts, spare, (given_back, unused) = blocks.tables
        free = spare[:given_back].tolist()
        assert sorted([*held(blocks), *free]) == list(range(1, unused))
        assert not counts[[0, *free]].any()


def test_a_block_is_given_back_when_its_buckets_have_left_and_is_used_again() -> None:
    blocks = blocks_of(BUCKETS)
    blocks.make_room(3)
    for bucket in (0, 15, 16):
        add(blocks.tables, np.uint64(1), np.int64(bucket), np.int32(1))
    assert held(blocks) == [1, 2]

    blocks.forget(np.arange(15))
    assert held(blocks) == [1, 2], "one bucket of the first is still counted in"
    blocks.forget(np.array([15]))
    assert held(blocks) == [2]

    blocks.make_room(1)
    add(blocks.tables, np.uint64(2), np.int64(63), np.int32(1))
    assert held(blocks) == [1, 2]
    assert spread_out(blocks)[2].tolist() == [0] * 63 + [1]


def test_room_is_made_for_no_more_blocks_than_rows_can_have() -> None:
    blocks = blocks_of(BUCKETS)
    blocks.make_room(10**9)

    assert len(blocks.tables.counts) <= 2 * (1 + len(blocks.tables.heads) * BUCKETS // 16)

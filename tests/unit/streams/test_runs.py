"""Runs of deltas: whole or nothing, each delta once, few of them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.runs import (
    MOST_RUNS,
    PART_BYTES,
    Part,
    Run,
    chain,
    parts_of,
    read_key,
    split,
    to_merge,
    whole_runs,
)


def test_a_key_is_read_as_it_was_written() -> None:
    part = Part(3, Run(7, 12, 4), 2)

    assert read_key(part.key()) == part


@pytest.mark.parametrize("key", [b"0|checkpoint", b"0|cell|a|b", b"", b"1|2|3", b"\xff"])
def test_a_key_of_another_release_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="of another release"):
        read_key(key)


@pytest.mark.parametrize(("size", "parts"), [(0, 1), (1, 1), (PART_BYTES, 1), (PART_BYTES + 1, 2)])
def test_a_run_is_cut_into_parts_that_a_broker_takes(size: int, parts: int) -> None:
    run, pieces = split(0, 0, bytes(size))

    assert (run.parts, len(pieces)) == (parts, parts)
    assert b"".join(pieces) == bytes(size)
    assert max(map(len, pieces)) <= PART_BYTES


def test_a_run_whose_parts_are_not_all_there_counts_for_nothing() -> None:
    whole, torn = Run(0, 0, 2), Run(1, 1, 3)

    assert whole_runs([*parts_of(0, whole), *parts_of(0, torn)[:-1]]) == [whole]


def test_of_a_run_and_those_merged_into_it_the_longer_is_read() -> None:
    single = [Run(number, number, 1) for number in range(5)]
    merged = Run(1, 3, 1)

    assert chain([*single, merged]) == [single[0], merged, single[4]]


def test_nothing_stored_is_an_empty_chain() -> None:
    assert chain([]) == []


@pytest.mark.parametrize("missing", range(4))
def test_a_missing_delta_is_said(missing: int) -> None:
    runs = [Run(number, number, 1) for number in range(5) if number != missing]

    with pytest.raises(ValueError, match=f"delta {missing} is missing before delta {missing + 1}"):
        chain(runs)


@given(st.lists(st.integers(1, 5000), max_size=400))
def test_runs_stay_few_and_bytes_are_rewritten_seldom(sizes: list[int]) -> None:
    runs: list[int] = []
    written = 0
    for size in sizes:
        runs.append(size)
        start = to_merge(runs)
        if start is not None:
            written += sum(runs[start:])
            runs[start:] = [sum(runs[start:])]
        assert len(runs) <= MOST_RUNS
    assert sum(runs) == sum(sizes)
    assert written <= 8 * sum(sizes)


def test_a_run_more_than_twice_as_large_as_what_follows_is_left_alone() -> None:
    small = [10] * MOST_RUNS

    assert to_merge([*small[1:]]) is None
    assert to_merge([10_000, *small]) == 1
    assert to_merge([500, *small]) == 0


@given(st.integers(0, 30), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=5))
def test_a_chain_holds_each_delta_once(number: int, merges: list[tuple[int, int]]) -> None:
    singles = [Run(at, at, 1) for at in range(number)]
    nested: list[Run] = []
    for first, length in merges:
        last = first + length
        if last < number and all(last < run.first or run.last < first for run in nested):
            nested.append(Run(first, last, 1))

    chosen = chain([*singles, *nested])

    held = list(itertools.chain.from_iterable(range(run.first, run.last + 1) for run in chosen))
    assert held == list(range(number))

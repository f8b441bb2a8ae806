"""Samples by hash err as their bounds say. Seeded: what is measured here is the same at every run."""

import numpy as np
import pytest

from models.reach.reach import LIMIT
from models.reach.sample import LEVELS, SHARES, at_least, bounds, least_level, level_of

RUNS = 400


def samples(persons: int, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sizes and shares of the samples of many crowds."""
    random = np.random.default_rng(persons)
    sizes = np.array([sizes_of(random.integers(0, 2**64, persons, dtype=np.uint64)) for _ in range(RUNS)])
    levels = least_level(sizes, limit)
    return sizes[np.arange(RUNS), levels], SHARES[levels]


def sizes_of(persons: np.ndarray) -> np.ndarray:
    return at_least(np.bincount(level_of(persons), minlength=LEVELS))


def test_a_level_is_the_highest_whose_share_of_all_hashes_holds_the_person() -> None:
    edges = np.array([int(share * 2**64) for share in SHARES[1:]], dtype=np.uint64)

    assert level_of(edges - np.uint64(1)).tolist() == list(range(1, LEVELS))
    assert level_of(edges).tolist() == list(range(LEVELS - 1))
    assert level_of(np.array([0, 2**64 - 1], np.uint64)).tolist() == [LEVELS - 1, 0]


def test_no_level_takes_more_than_a_fifth_of_the_one_before() -> None:
    assert SHARES[0] == 1
    assert (SHARES[1:] / SHARES[:-1] >= 0.8).all()
    assert (np.diff(SHARES) < 0).all()


def test_the_lowest_level_that_fits_is_taken_and_the_last_one_where_none_fits() -> None:
    sizes = np.array([[40, 30, 20], [10, 5, 1], [90, 80, 70]])

    assert least_level(sizes, 25).tolist() == [2, 0, 2]


def test_the_sizes_of_samples_add_up_from_the_highest_level() -> None:
    assert at_least(np.array([[1, 2, 3]])).tolist() == [[6, 5, 3]]


def test_a_sample_of_all_is_exact_and_bounds_hold_at_least_who_was_seen() -> None:
    lower, upper = bounds(np.array([0, 7, 7]), np.array([1.0, 1.0, 0.875]))

    assert (lower[:2].tolist(), upper[:2].tolist()) == ([0, 7], [0, 7])
    assert 7 <= lower[2] < 8 < upper[2]


@pytest.mark.parametrize("persons", [50_000, 70_000])
def test_large_reach_is_within_2_percent_at_least_95_times_of_100(persons: int) -> None:
    sizes, shares = samples(persons, LIMIT)

    assert np.mean(np.abs(sizes / shares / persons - 1) <= 0.02) >= 0.95


@pytest.mark.parametrize(("persons", "limit"), [(3_000, 50), (10_000, 1_000), (50_000, LIMIT)])
def test_bounds_hold_the_truth_about_95_times_of_100(persons: int, limit: int) -> None:
    sizes, shares = samples(persons, limit)
    lower, upper = bounds(sizes, shares)

    assert 0.92 <= np.mean((lower <= persons) & (persons <= upper)) <= 0.99

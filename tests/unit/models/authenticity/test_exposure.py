"""Whoever saw something is known; of those who did not, nearly all are told."""

import numpy as np

from models.authenticity.exposure import expose, find_unexposed, no_bits

PERSONS = np.random.default_rng(1).integers(1, 2**64, 300, dtype=np.uint64)


def unexposed(bits: np.ndarray, persons: np.ndarray) -> list[int]:
    found = np.zeros(len(persons), np.int64)
    find_unexposed(bits, persons, found)
    return [int(one) for one in found]


def test_nobody_has_seen_anything_at_first() -> None:
    assert set(unexposed(no_bits(), PERSONS)) == {1}


def test_who_saw_something_is_never_taken_for_unexposed_and_others_hardly_ever_for_exposed() -> None:
    bits = no_bits()
    expose(bits, PERSONS[:200])

    assert set(unexposed(bits, PERSONS[:200])) == {0}
    assert sum(unexposed(bits, PERSONS[200:])) >= 99

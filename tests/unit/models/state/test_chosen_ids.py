"""Who knows all but the key cannot choose ids that make many persons of few, or a hash table slow.

Each attack is shown to work on a state whose key is known: otherwise it would show nothing.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from models.core.hashing import KEY_BYTES, Domain, Hashes, hash_texts, keys_of
from models.core.records import records_of
from models.core.tables import HashTable
from models.events.batch import Batch
from models.statistics.intervals import Estimate
from tests.unit.models.building import (
    GLOW,
    KEY,
    NOON,
    new_state,
    raw,
    reached,
)

GUESSED = bytes(KEY_BYTES)
CHOSEN = 20_000
SOME = 4_000
ONE_OF = 16
"""The attacker takes the best of so many ids."""
MOST_TRIED = CHOSEN * ONE_OF * 11 // 10


class Chosen(NamedTuple):
    """Ids whose hashes under the guessed key lie in a sixteenth of all: by high bits, and by low ones."""

    high: list[str]
    low: list[str]


@cache
def chosen(domain: Domain) -> Chosen:
    tried = [f"p{number}" for number in range(MOST_TRIED)]
    hashes = hashes_of(tried, GUESSED, domain)
    low = hashes & np.uint64(0xFFFFFFFF)
    return Chosen(
        [tried[at] for at in np.flatnonzero(hashes < 2**64 // ONE_OF)[:CHOSEN]],
        [tried[at] for at in np.flatnonzero(low < 2**32 // ONE_OF)[:CHOSEN]],
    )


def hashes_of(names: list[str], key: bytes, domain: Domain) -> Hashes:
    return hash_texts(names, np.broadcast_to(keys_of("glow", key)[domain], (len(names), 2)))


def reach(key: bytes) -> Estimate:
    """Show the reach of a campaign that chosen persons have seen."""
    persons = chosen(Domain.PERSON).high
    state = new_state(key=key)
    values = [raw("impression", event_id=person, person_id=person, consent=True) for person in persons]
    state.apply(Batch("impressions", 0, records_of(values, range(CHOSEN), [NOON] * CHOSEN)))
    state.expire(NOON)
    return reached(state, GLOW, "flight")


def test_chosen_persons_count_as_what_they_are() -> None:
    forged, found = reach(GUESSED), reach(KEY)

    assert forged.lower > 10 * CHOSEN
    assert found.lower <= CHOSEN <= found.upper
    assert found.upper < 1.05 * CHOSEN


def passed(keys: Hashes, expected: int) -> float:
    """Return how many cells the search for a key passes on average; the table is made for so many keys."""
    table = HashTable(np.dtype(np.uint32), expected)
    table.insert(keys)
    at = table.find(keys)
    home = ((keys & np.uint64(0xFFFFFFFF)) * np.uint64(table.size) >> np.uint64(32)).astype(np.int64)
    return float(((at - home) % table.size).mean())


@pytest.mark.parametrize("domain", [Domain.PERSON, Domain.EVENT])
@pytest.mark.parametrize("expected", [0, CHOSEN])
def test_chosen_ids_are_found_as_quickly_as_others(domain: Domain, expected: int) -> None:
    ids, some = chosen(domain).low, chosen(domain).low[:SOME]
    quick, slow = passed(hashes_of(ids, KEY, domain), expected), passed(hashes_of(some, GUESSED, domain), 0)

    assert slow > SOME / 4
    assert quick < 2


def test_ids_of_all_lengths_are_hashed_in_as_many_steps_as_the_longest_has_words() -> None:
    names = ["é" * (number % 64 + 1) for number in range(4000)]

    assert len(set(hashes_of(names, KEY, Domain.EVENT).tolist())) == 64

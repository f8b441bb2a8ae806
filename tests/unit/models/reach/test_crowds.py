"""What is stored of crowds reads as all of it would, and stays small."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import TICK, Sightings, Thresholds, latest, no_thresholds, stack
from models.reach.crowds import thin
from models.reach.scope_reach import EVERYBODY, ScopeReach
from models.scopes import Leaf, ScopeKey
from models.state.leaves import Leaves
from models.times import DAY, HOUR, MINUTE
from models.windows import FLIGHT, WINDOWS_OF
from tests.unit.models.building import NOON

LIMIT = 30
LEAVES = [
    Leaf("glow", who, what, "instagram") for who, what in (("ana", "reel"), ("ana", "story"), ("ben", "reel"))
]
SCOPES = [
    ScopeKey("campaign", ("glow",)),
    ScopeKey("influencer", ("glow", "ana")),
    ScopeKey("influencer", ("glow", "ben")),
    ScopeKey("content", ("glow", "ana", "reel")),
    ScopeKey("channel", ("glow", "instagram")),
]
TARGETS = (EVERYBODY, 0, 1)
SEEDS = st.integers(0, 2**32 - 1)
AGES = (2 * MINUTE, 40 * MINUTE, 20 * HOUR, 6 * DAY, 20 * DAY)
"""Within each window, and beyond all."""


def seen(seed: int, number: int, persons: int, until: int = NOON) -> Sightings:
    """Draw sightings of some persons, most of them recent, at leaves and in targets."""
    lot = np.random.default_rng(seed)
    names = np.random.default_rng(7).integers(0, 2**64, persons, np.uint64)
    ages = (lot.random(number) * lot.choice(AGES, number)).astype(np.int64)
    rows, targets = lot.integers(0, len(LEAVES), number), lot.integers(-1, 2, number)
    return Sightings(rows, lot.choice(names, number), (until - ages) // TICK, targets)


def restored(sightings: Sightings, thresholds: Thresholds, now: int = NOON) -> ScopeReach:
    leaves = Leaves(1_000)
    leaves.restore(LEAVES)
    reach = ScopeReach(leaves.names, leaves.number_of, LIMIT)
    reach.expire(now)
    reach.restore(sightings, thresholds)
    reach.expire(now)
    return reach


def read(reach: ScopeReach) -> dict[tuple[int, str, str], list[float]]:
    """Read every scope and window of every target, with its bounds."""
    found = {}
    for target in TARGETS:
        for scope in SCOPES:
            slots = reach.slots([scope], target)
            for window in (*WINDOWS_OF[scope.name], FLIGHT):
                found[target, str(scope), window] = [
                    float(column[0]) for column in reach.estimates(slots, window)
                ]
    return found


@pytest.mark.parametrize("persons", [20, 400, 5_000])
@given(seed=SEEDS, later=st.integers(0, 8 * DAY))
def test_every_window_reads_as_if_all_were_stored(seed: int, later: int, persons: int) -> None:
    whole = latest(seen(seed, 3_000, persons))
    thinned = restored(*thin(whole, no_thresholds(), LIMIT))
    complete = restored(whole, no_thresholds())
    assert read(thinned) == read(complete)

    more = seen(seed + 1, 300, persons, NOON + later)
    for reach in (thinned, complete):
        reach.expire(NOON + later)
        reach.see(more)
        reach.expire(NOON + later)
    assert read(thinned) == read(complete)


@given(seed=SEEDS, parts=st.integers(2, 5))
def test_thinning_what_was_thinned_is_thinning_all_at_once(seed: int, parts: int) -> None:
    sightings = [latest(seen(seed + part, 600, 2_000)) for part in range(parts)]
    at_once = thin(latest(stack(sightings)), no_thresholds(), LIMIT)

    kept, thresholds = sightings[0], no_thresholds()
    for part in sightings[1:]:
        kept, thresholds = thin(kept, thresholds, LIMIT)
        kept = latest(stack([kept, part]))
    kept, thresholds = thin(kept, thresholds, LIMIT)

    for found, expected in zip((*kept, *thresholds), (*at_once[0], *at_once[1]), strict=True):
        assert found.tolist() == expected.tolist()


def test_what_is_stored_of_a_crowd_grows_with_the_logarithm_of_its_people() -> None:
    lot = np.random.default_rng(1)
    stored = []
    for persons in (1_000, 10_000, 100_000):
        zeros = np.zeros(persons, np.int64)
        ticks = (NOON - lot.integers(0, 7 * DAY, persons)) // TICK
        crowd = Sightings(zeros, lot.integers(0, 2**64, persons, np.uint64), ticks, zeros - 1)
        kept, thresholds = thin(crowd, no_thresholds(), LIMIT)
        assert len(kept.rows) <= LIMIT * (2 + np.log(persons / LIMIT))
        assert len(thresholds.rows) < 48
        stored.append(len(kept.rows))
    assert stored[2] - stored[1] < 2 * (stored[1] - stored[0])


def test_who_are_no_crowd_are_all_stored() -> None:
    few = latest(seen(1, LIMIT, 1_000))
    kept, thresholds = thin(few, no_thresholds(), LIMIT)
    assert [column.tolist() for column in kept] == [column.tolist() for column in few]
    assert not len(thresholds.rows)


def test_a_window_without_a_crowd_reads_exactly_whatever_was_before_it() -> None:
    lot = np.random.default_rng(3)
    zeros = np.zeros(5_000 + LIMIT, np.int64)
    ticks = np.concatenate([np.full(5_000, NOON - 3 * HOUR), np.full(LIMIT, NOON - MINUTE)]) // TICK
    crowd = Sightings(zeros, lot.integers(0, 2**64, len(zeros), np.uint64), ticks, zeros - 1)

    reach = restored(*thin(crowd, no_thresholds(), LIMIT))

    (slot,) = reach.slots([SCOPES[0]])
    for window in ("5m", "1h"):
        assert [column[0] for column in reach.estimates(np.array([slot]), window)] == [LIMIT] * 3

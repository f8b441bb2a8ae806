"""How often people act: exact while they are few, a sample that order and merging do not change."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.columns import Acts, stack
from models.reach.sample import level_of
from models.state.repeats import ACTS, Repeated, Repeats, thinned

Act = tuple[int, int, int, int]
"""Campaign, kind, person, times."""
FEW = 8
_PERSONS = np.random.default_rng(7).integers(1, 2**64, 40, dtype=np.uint64).tolist()
ACT = st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from(_PERSONS), st.integers(1, 3))
BATCHES = st.lists(st.lists(ACT, max_size=20), max_size=6)


def columns(acts: Sequence[Act]) -> Acts:
    campaigns, kinds, persons, amounts = (
        (list(column) for column in zip(*acts, strict=True)) if acts else [()] * 4
    )
    return Acts(
        np.array(campaigns, np.int64), np.array(kinds, np.int64), np.array(persons, np.uint64),
        np.array(amounts, np.int64),
    )  # fmt: skip


def read(repeats: Repeats) -> dict[tuple[int, str], Repeated]:
    return {(campaign, kind): repeats.of(campaign, kind) for campaign in (0, 1) for kind in ACTS[:2]}


def recomputed(acts: Sequence[Act], limit: int) -> dict[tuple[int, str], Repeated]:
    """Keep of each sample the people at the lowest level that at most `limit` of all reach."""
    found = {}
    for campaign in (0, 1):
        for kind, name in enumerate(ACTS[:2]):
            times: Counter[int] = Counter()
            for number, act, person, amount in acts:
                if (number, act) == (campaign, kind):
                    times[person] += amount
            levels = {person: int(level_of(np.array([person], np.uint64))[0]) for person in times}
            threshold = next(
                level for level in range(48) if sum(one >= level for one in levels.values()) <= limit
            )
            stay = [count for person, count in times.items() if levels[person] >= threshold]
            found[campaign, name] = Repeated(len(stay), sum(stay), sum(count**2 for count in stay))
    return found


def test_few_people_are_all_counted() -> None:
    repeats = Repeats(FEW)
    repeats.see(columns([(0, 1, 5, 1), (0, 1, 5, 1), (0, 1, 9, 1)]))
    assert repeats.of(0, "clicks") == (2, 3, 5)
    assert repeats.of(1, "clicks") == repeats.of(70, "clicks") == (0, 0, 0)


@given(BATCHES)
def test_the_sample_is_the_same_however_acts_come(batches: list[list[Act]]) -> None:
    acts = [act for batch in batches for act in batch]
    whole, split, backwards = Repeats(FEW), Repeats(FEW), Repeats(FEW)
    whole.see(columns(acts))
    for batch in batches:
        split.see(columns(batch))
    for act in reversed(acts):
        backwards.see(columns([act]))
    assert read(whole) == read(split) == read(backwards) == recomputed(acts, FEW)


LEVEL_OF = dict(zip(_PERSONS, level_of(np.array(_PERSONS, np.uint64)).tolist(), strict=True))
LEFT_OUT = [person for person in _PERSONS if LEVEL_OF[person] == 0][:2]
CROWD = [*LEFT_OUT, *[person for person in _PERSONS if LEVEL_OF[person] > 0][: FEW - 1]]


@given(BATCHES, st.integers(1, 6))
@example([[(0, 0, LEFT_OUT[0], 1)], [(0, 0, person, 1) for person in CROWD]], 1)
def test_what_was_stored_and_thinned_gives_the_same_sample(batches: list[list[Act]], together: int) -> None:
    """A person who was left out of a crowd came back after a restart, with the acts of a quieter time."""
    live, restored, one_by_one = Repeats(FEW), Repeats(FEW), Repeats(FEW)
    stored = [thinned(live.see(columns(batch)), FEW) for batch in batches] or [columns([])]
    merged = stored[0]
    for first in range(1, len(stored), together):
        merged = thinned(stack([merged, *stored[first : first + together]]), FEW)
    restored.see(merged)
    for acts in stored:
        one_by_one.see(acts)
    assert read(restored) == read(one_by_one) == read(live)
    held = Counter(zip(merged.campaigns.tolist(), merged.kinds.tolist(), strict=True))
    assert max(held.values(), default=0) <= FEW + 1, "one more tells that they do not fit"


def test_the_people_of_a_closed_campaign_are_forgotten_and_others_stay() -> None:
    repeats = Repeats(FEW)
    repeats.see(columns([(number, 0, person, 1) for number in (0, 1) for person in _PERSONS]))
    luz = repeats.of(1, "impressions")
    repeats.forget(0)
    assert repeats.of(0, "impressions") == (0, 0, 0)
    assert repeats.of(1, "impressions") == luz != (0, 0, 0)
    repeats.see(columns([(0, 0, 3, 1)]))
    assert repeats.of(0, "impressions") == (1, 1, 1)

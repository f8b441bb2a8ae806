"""Acts of known people are told by campaign and kind, but for people whom no sample can hold any more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import numbers
from models.kinds import ENGAGEMENTS, POLARITIES, names
from models.reach.sample import level_of
from models.state.acts import acts_of
from models.state.repeats import ACTS
from models.topics import EventType
from tests.strategies import EVENT_TYPES

PERSONS = np.random.default_rng(3).integers(1, 2**64, 30, dtype=np.uint64).tolist()
CAMPAIGNS = 3
DONE = st.lists(
    st.tuples(
        st.integers(0, CAMPAIGNS - 1),
        st.sampled_from(PERSONS),
        st.integers(1, len(ENGAGEMENTS) - 1),
        st.integers(-1, len(POLARITIES) - 1),
    ),
    max_size=12,
)


def done(event_type: EventType, kind: int, rating: int) -> list[str]:
    """Name what somebody did: the rule, slowly."""
    if event_type == "engagement":
        is_view = names(ENGAGEMENTS)[kind] == "video_view"
        return ["interactions"] * (not is_view) + ["rated"] * (rating >= 0)
    return {"click": ["clicks", "interactions"]}.get(event_type, [f"{event_type}s"])


@pytest.mark.parametrize("event_type", EVENT_TYPES)
@given(DONE, st.lists(st.integers(0, 12), min_size=15, max_size=15))
def test_every_act_is_told_of_people_who_reach_the_threshold(
    event_type: EventType, acts: list[tuple[int, int, int, int]], thresholds: list[int]
) -> None:
    levels = {person: int(level_of(np.array([person], np.uint64))[0]) for person in PERSONS}
    expected = [
        (campaign, ACTS.index(name), person, 1)
        for campaign, person, kind, rating in acts
        for name in done(event_type, kind, rating)
        if levels[person] >= thresholds[campaign * len(ACTS) + ACTS.index(name)]
    ]
    told = acts_of(
        event_type,
        np.array(thresholds, np.uint8),
        numbers([campaign for campaign, *_ in acts]),
        np.array([person for _, person, *_ in acts], np.uint64),
        np.array([kind for *_, kind, _ in acts], np.int8),
        np.array([rating for *_, rating in acts], np.int8),
    )

    assert list(zip(*(column.tolist() for column in told), strict=True)) == expected

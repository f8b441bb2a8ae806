"""An event counts in the columns of its type and kind; what it stands for beyond one, in those of squares."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import COLUMN, COLUMNS, LIMB_BITS, TICK, numbers
from models.kinds import ENGAGEMENTS, POLARITIES
from models.state.effects import count_late, mark_bots, mark_known
from models.state.gathering import MOST, Gathering
from models.times import DAY, SECOND
from models.topics import EventType
from tests.strategies import EVENT_TYPES
from tests.unit.models.building import NOON
from tests.unit.models.state.effects import Sent, count, gathered

KINDS = [kind.name for kind in ENGAGEMENTS if kind.event]
SENT = st.lists(
    st.builds(
        Sent,
        st.integers(0, 3) | st.just(2**23 - 2),
        st.integers(NOON - DAY, NOON),
        st.sampled_from([1, 1, 2, 10**6]) | st.integers(1, 10**6),
        st.sampled_from(KINDS),
        st.sampled_from([None, *(polarity.name for polarity in POLARITIES)]),
        st.booleans(),
    ),
    max_size=12,
)


def columns_of(event_type: EventType, one: Sent) -> list[tuple[str, str, int]]:
    """List the columns that an event counts in, of which square, and how much: the rule, slowly."""
    if event_type == "impression":
        return [("impressions", "impressions", one.stands_for)] + [("identified", "", 1)] * one.known
    if event_type == "click":
        return [("clicks", "clicks", one.stands_for), ("interactions:click", "interactions", one.stands_for)]
    column = "video_views" if one.kind == "video_view" else f"interactions:{one.kind}"
    rated = [(f"rated:{one.rating}", "rated", one.stands_for)] if one.rating else []
    return [(column, column.split(":")[0], one.stands_for), *rated]


def slowly(event_type: EventType, sent: list[Sent]) -> Counter[tuple[int, int, int]]:
    sums: Counter[tuple[int, int, int]] = Counter()
    for one in sent:
        tick = one.time // TICK
        for column, square, amount in columns_of(event_type, one):
            sums[one.row, tick, COLUMN[column]] += amount
            beyond = amount * (amount - 1)
            if beyond:
                sums[one.row, tick, COLUMN[f"excess:{square}:low"]] += beyond % (1 << LIMB_BITS)
                sums[one.row, tick, COLUMN[f"excess:{square}:high"]] += beyond >> LIMB_BITS
    return sums


@pytest.mark.parametrize("event_type", EVENT_TYPES[:3])
@given(SENT)
def test_events_count_by_the_rule(event_type: EventType, sent: list[Sent]) -> None:
    *lines, amounts = (column.tolist() for column in gathered(event_type, *sent))
    found = dict(zip(zip(*lines, strict=True), amounts, strict=True))

    assert len(found) == len(amounts), "each row, tick and column comes once"
    assert found == slowly(event_type, sent)


@pytest.mark.parametrize(("event_type", "sums"), [("impression", 3), ("click", 6), ("engagement", 3)])
def test_counting_stops_before_an_event_that_may_not_find_room(event_type: EventType, sums: int) -> None:
    gathering = Gathering()
    sent = [Sent(row, NOON, stands_for=3, kind="like") for row in range(MOST // sums + 10)]
    done = count(gathering, event_type, 0, *sent)

    assert MOST - 6 < done * sums <= MOST
    first = gathering.take()
    assert not gathering
    assert count(gathering, event_type, done, *sent) == len(sent)
    rows = np.concatenate([first.rows, gathering.take().rows])
    assert Counter(rows.tolist()) == dict.fromkeys(range(len(sent)), sums)


def test_every_column_is_apart_from_every_other() -> None:
    sent = [Sent(row, NOON, 2, kind, "neutral") for row in (0, 7) for kind in KINDS]
    found = gathered("engagement", *sent)

    assert {COLUMNS[number].split(":")[0] for number in found.columns} == {
        "interactions", "video_views", "rated", "excess",
    }  # fmt: skip
    assert set(found.rows) == {0, 7}


@pytest.mark.parametrize(
    ("length", "consent", "stands_for", "assumed", "usable"),
    [
        (5, 1, 1, False, True),
        (5, -1, 1, True, True),
        (5, -1, 1, False, False),
        (5, 0, 1, True, False),
        (5, 1, 2, True, False),
        (-1, 1, 1, True, False),
    ],
)
def test_a_person_is_used_with_consent_where_one_event_is_one(
    length: int, consent: int, stands_for: int, assumed: bool, usable: bool
) -> None:
    known = np.empty(1, np.bool_)

    assert mark_known(
        numbers([length]), np.array([consent], np.int8), numbers([stands_for]), assumed, known
    ) == int(usable)
    assert known.tolist() == [usable]


def test_events_of_bots_are_marked_and_those_without_an_agent_are_not() -> None:
    invalid = np.empty(4, np.bool_)

    assert mark_bots(numbers([-1, 0, 1, 1]), np.array([False, True]), invalid) == 2
    assert invalid.tolist() == [False, False, True, True]


def test_late_is_what_arrived_long_after_it_happened_but_no_adjustment() -> None:
    times, arrivals = numbers([NOON, NOON, NOON]), numbers([NOON, NOON + DAY + SECOND, NOON + DAY + SECOND])

    assert count_late(times, arrivals, np.array([0, 0, 2], np.int8), DAY) == 1
    assert count_late(times, arrivals, np.array([0, 0, 0], np.int8), DAY + SECOND) == 0

"""Texts that are rated later count as events that say their sentiment themselves: once, where they count."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.core.json_lines import read_lines
from models.core.records import records_of
from models.events.batch import Batch
from models.kinds import ENGAGEMENTS, POLARITIES, names
from models.sentiment.asking import FAILED, LATE, PRESSURE, UNTOLD
from models.sentiment.rating import OwnWords
from models.state.ratings import Unrated
from models.state.shard_state import ShardState
from models.times import DAY, SECOND
from tests.unit.models.building import (
    BOT,
    MODEL,
    NOON,
    apply_rated,
    campaign,
    new_state,
    raw,
    registry,
    rfc3339,
    tally,
    verdicts,
)
from tests.unit.models.state.crashing import picture

POLARITY = names(POLARITIES)
Fields = dict[str, Any]


def batch(*said: Fields, start: int = 0, partition: int = 0) -> Batch:
    """Return engagements, comments where they say nothing else, each with its own id."""
    values = [
        raw("engagement", **{"kind": "comment", "event_id": f"e{start + number}", **fields})
        for number, fields in enumerate(said)
    ]
    places = range(start, start + len(values))
    return Batch("engagements", partition, records_of(values, places, [NOON] * len(values)))


def asked(state: ShardState, *said: Fields, start: int = 0) -> list[str]:
    """Return which texts of engagements are still to be rated."""
    unrated = state.apply(batch(*said, start=start)).unrated
    return read_lines(unrated.texts.texts) if unrated else []


def rated(state: ShardState, unrated: Unrated | None, *numbers: int) -> None:
    assert unrated is not None
    state.rate(unrated, np.array(numbers, np.int8), MODEL)


SAID = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "a", "bb", "ccc", "dddd", 'an "é"\n']),
        "kind": st.sampled_from([kind.name for kind in ENGAGEMENTS if kind.event]),
        "count": st.sampled_from([1, 1, 3, 10**6]),
        "person_id": st.sampled_from(["p1", "p2", "p3"]),
        "consent": st.booleans(),
        "event_time": st.integers(0, 2 * DAY).map(lambda age: rfc3339(NOON - age)),
    }
)


def upstream(fields: Fields) -> Fields:
    """Say of a text itself what it is rated as, where it is."""
    number = len(fields["text"]) % 4 - 1
    return {**fields, "sentiment": POLARITY[number] if fields["text"] and number >= 0 else None}


@given(st.lists(SAID, max_size=30))
def test_what_is_rated_later_counts_as_what_its_event_says(said: list[Fields]) -> None:
    by_us, by_them = new_state(), new_state()

    apply_rated(by_us, batch(*said))
    by_them.apply(batch(*map(upstream, said)))

    ours, theirs = picture(by_us, NOON), picture(by_them, NOON)
    assert {name: ours[name] for name in ours if name != "ledger"} == {
        name: theirs[name] for name in theirs if name != "ledger"
    }


def test_comments_mentions_and_replies_that_nobody_has_rated_are_handed_out() -> None:
    said = [{"kind": kind.name, "text": kind.name} for kind in ENGAGEMENTS if kind.event]
    more: list[Fields] = [{"text": "theirs", "sentiment": "positive"}, {"text": ""}, {}]

    assert asked(new_state(), *said, *more) == ["comment", "mention", "reply"]


def test_nothing_that_does_not_count_is_handed_out() -> None:
    state = new_state()

    said: list[Fields] = [
        {"text": "a"},
        {"text": "bot", "user_agent": BOT},
        {"text": "of none", "campaign_id": "x"},
        {"text": "total", "total": 5},
    ]

    assert asked(state, *said) == ["a"]
    assert asked(state, {"text": "again", "event_id": "e0"}, start=4) == []


def test_events_that_others_sent_on_are_handed_out() -> None:
    state = new_state()
    state.advance(("engagements", 3), 0, 1)

    applied = state.apply_forwarded("engagements", batch({"text": "théâtre", "language": "fr"}).records)

    assert applied.unrated is not None
    assert read_lines(applied.unrated.texts.texts) == ["théâtre"]
    assert read_lines(applied.unrated.texts.languages) == ["fr"]


def test_a_campaigns_own_words_go_with_its_texts_from_when_they_are_registered() -> None:
    state = new_state(registry(campaign(), campaign(id="snow")))
    said = [{"text": "a"}, {"text": "b", "campaign_id": "snow"}]

    before = state.apply(batch(*said)).unrated
    words = {"positive": ["sick"], "neutral": "deal"}
    state.use(registry(campaign(), campaign(id="snow", sentiment=words)))
    after = state.apply(batch(*said, start=2)).unrated

    assert before is not None
    assert after is not None
    assert (before.texts.own, before.texts.words) == ((), ())
    assert after.texts.own == [-1, 0]
    assert after.texts.words == [OwnWords(positive=("sick",), neutral=("deal",))]


def test_what_has_no_rating_is_counted_by_why_and_what_was_read_by_the_model() -> None:
    state = new_state()
    unrated = state.apply(batch(*({"text": "a"} for _ in range(7)))).unrated

    rated(state, unrated, 0, 2, UNTOLD, FAILED, LATE, LATE, PRESSURE)

    ledger = state.outcomes("engagements")
    assert {name: ledger[name] for name in ledger if name.startswith(("read", "unrated"))} == {
        f"read:glow|{MODEL}": 3,
        "unrated:untold": 1,
        "unrated:failed": 1,
        "unrated:late": 2,
        "unrated:pressure": 1,
    }
    assert {name: count for name, count in tally(state).items() if name.startswith("rated")} == {
        "rated:positive": 1,
        "rated:negative": 1,
    }


def test_what_is_rated_after_the_cut_is_in_what_was_cut_and_in_nothing_else() -> None:
    state = new_state()
    first = state.apply(batch({"text": "a", "person_id": "p", "consent": True, "count": 1})).unrated
    cut = state.open_cut()
    second = state.apply(batch({"text": "b"}, start=1)).unrated
    assert cut is not None

    rated(state, second, 2)
    rated(state, first, 0)

    again = new_state()
    again.replay(cut.delta())
    assert tally(again)["rated:positive"] == 1
    assert (tally(again).get("rated:negative", 0), again.repeated("glow", "rated").acts) == (0, 1)
    delta = state.cut()
    assert delta is not None
    again.replay(delta)
    assert picture(again, NOON) == picture(state, NOON)


def test_a_campaign_that_is_closed_with_the_cut_forgets_who_said_what_is_rated_later() -> None:
    over = campaign(starts="2026-09-01T00:00:00Z", ends="2026-09-20T00:00:00Z")
    state = new_state(registry(over))
    now = over.counts_until + DAY + SECOND
    said = {"text": "a", "event_time": "2026-09-10T12:00:00Z", "person_id": "p", "consent": True}
    seen = raw("impression", **{**said, "text": None})
    state.apply(Batch("impressions", 0, records_of([seen], [0], [NOON])))
    unrated = state.apply(batch(said)).unrated
    state.expire(now)
    cut = state.open_cut()
    assert cut is not None

    rated(state, unrated, 0)
    state.apply(batch({"text": ""}, start=1))

    again = new_state(registry(over))
    for delta in (cut.delta(), state.cut()):
        assert delta is not None
        again.replay(delta)
    assert again.repeated("glow", "rated") == state.repeated("glow", "rated")
    assert tally(state)["rated:positive"] == 1


@given(st.lists(st.lists(SAID, max_size=6), max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_ratings_come_changes_nothing(batches: list[list[Fields]], random: Any) -> None:
    in_order, shuffled = new_state(), new_state()
    waiting, start = [], 0
    for said in batches:
        apply_rated(in_order, batch(*said, start=start))
        unrated = shuffled.apply(batch(*said, start=start)).unrated
        waiting += [unrated] if unrated else []
        start += len(said)

    random.shuffle(waiting)
    for unrated in waiting:
        shuffled.rate(unrated, verdicts(unrated.texts), MODEL)

    assert picture(shuffled, NOON) == picture(in_order, NOON)

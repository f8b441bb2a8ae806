"""What of events is judged, and what the verdicts count."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.records import records_of
from models.scopes import Leaf
from models.state.shard_state import ShardState
from models.tally import merge
from models.times import DAY, HOUR, MINUTE, SECOND
from models.topics import EventType
from tests.unit.models.authenticity.acts import UNJUDGED, Act, logs
from tests.unit.models.authenticity.slow import judged
from tests.unit.models.building import (
    BOT,
    BROWSER,
    LEAF,
    NOON,
    Feed,
    campaign,
    new_state,
    raw,
    registry,
    rfc3339,
)
from tests.unit.models.state.interacting import OF_A_SERVER, Sender, Worker, counted, known, parts_of

SEEDS = st.integers(0, 2**32)
PERSON: dict[str, Any] = {"person_id": "p", "consent": True}
LOVELY = "what a lovely cream this is"


def feed(**authenticity: object) -> Feed:
    return Feed(new_state(registry(campaign(authenticity=authenticity))))


def of_glow(state: ShardState) -> Counter[str]:
    return Counter(counted(state, "glow"))


@given(logs(), SEEDS)
def test_events_are_judged_as_the_rules_judge_their_whole_history(acts: list[Act], seed: int) -> None:
    """In whatever batches, scanned or read by a model; robots aside, which are no interactions at all."""
    acts = [act for act in acts if act.agent != 1]
    sender = Sender(new_state(known()), Random(seed))

    for part in parts_of(acts, Random(seed)):
        sender.send(part)

    expected: Counter[tuple[str, str]] = Counter()
    for act, verdict in zip(acts, judged(acts), strict=True):
        if verdict != UNJUDGED:
            expected[f"c{act.campaign}", "judged"] += 1
            expected[f"c{act.campaign}", f"suspicious:{verdict}"] += verdict is not None
    found = {
        (name, key): count
        for name in ("c0", "c1")
        for key, count in counted(sender.state, name).items()
        if not key.startswith("noted:")
    }
    assert found == +expected


@given(logs(), SEEDS)
def test_what_was_stored_merged_and_taken_back_judges_on_as_if_it_had_never_stopped(
    acts: list[Act], seed: int
) -> None:
    pods = {"use": "on", "persons": 2, "contents": 2}
    random, settings = Random(seed), known(pod=pods, no_exposure={"use": "on", "identified": 0.5})
    live, worker = Worker(settings), Worker(settings)
    for part in parts_of([act for act in acts if act.agent != 1], random):
        token, shown = random.getrandbits(32), [act for act in part if random.random() < 0.2]
        for one in (live, worker):
            one.sender.random = Random(token)
            one.sender.show(shown)
            one.sender.send(part)
        if random.random() < 0.7:
            worker.store()
        if random.random() < 0.4:
            start = random.randrange(len(worker.stored) + 1)
            worker.merge(start, random.randint(start, len(worker.stored)))
        if random.random() < 0.5:
            worker.store()
            worker.restart()

        for name in ("c0", "c1"):
            assert counted(worker.state, name) == counted(live.state, name)


@pytest.mark.parametrize(
    ("event_type", "fields", "number"),
    [
        ("engagement", PERSON, 1),
        ("engagement", {"person_id": "p", "consent": False}, 0),
        ("engagement", {"person_id": "null", "consent": True}, 0),
        ("engagement", {}, 0),
        ("engagement", {"user_agent": BROWSER}, 1),
        ("engagement", {"user_agent": ""}, 0),
        ("engagement", {"user_agent": OF_A_SERVER}, 0),
        ("engagement", {"user_agent": BOT, **PERSON}, 0),
        ("engagement", {"kind": "comment", "text": "lovely"}, 1),
        ("engagement", {"kind": "comment", "text": ""}, 1),
        ("engagement", {"kind": "video_view", **PERSON}, 0),
        ("engagement", {"count": 7, "user_agent": BROWSER, **PERSON}, 0),
        ("engagement", {"total": 1, "user_agent": BROWSER}, 0),
        ("engagement", {"format": "live", **PERSON}, 0),
        ("engagement", {"format": "live", "user_agent": BROWSER}, 1),
        ("click", PERSON, 1),
        ("impression", PERSON, 0),
    ],
)
def test_judged_is_what_stands_for_itself_and_carries_person_text_or_agent(
    event_type: EventType, fields: dict[str, Any], number: int
) -> None:
    one = feed()

    one.send(event_type, **fields)

    assert of_glow(one.state)["judged"] == number


def test_the_ninth_within_ten_seconds_is_a_burst_link_clicks_and_engagements_together() -> None:
    one = feed()
    for number in range(10):
        one.send("click" if number % 2 else "engagement", event_time=rfc3339(NOON + number), **PERSON)

    assert of_glow(one.state) == {"judged": 10, "suspicious:burst": 2}


def test_a_duplicate_is_not_judged_again_and_remembered_once() -> None:
    one = feed()
    for _ in range(12):
        one.send("engagement", event_id="same", **PERSON)

    assert of_glow(one.state) == {"judged": 1}


def test_the_same_words_are_a_copy_however_they_are_written() -> None:
    one = feed()
    written = (LOVELY, "What a LOVELY cream… this is! 😂", "what a\tlovely “cream” this is #ad")
    for number, text in enumerate(written):
        # The last is read by its model, for its source does not fit.
        more: dict[str, Any] = {"source": 1} if number == 2 else {}
        one.send("engagement", kind="comment", text=text, person_id=f"p{number}", consent=True, **more)

    assert of_glow(one.state) == {"judged": 3, "suspicious:copied_text": 1}


def test_excepted_phrases_and_thresholds_are_those_of_the_campaign() -> None:
    one = feed(copied_text={"persons": 2, "except": [LOVELY]})
    for text in (LOVELY, "it smells of old books"):
        for number in range(3):
            one.send("engagement", kind="comment", text=text, person_id=f"p{number}", consent=True)

    assert of_glow(one.state) == {"judged": 6, "suspicious:copied_text": 2}


def test_what_is_reported_alone_is_noted_and_stays_organic() -> None:
    one = feed(burst="report")
    for _ in range(9):
        one.send("engagement", **PERSON)
    one.send("engagement", kind="comment", text="love it", person_id="q", consent=True)

    assert of_glow(one.state) == {"judged": 10, "noted:burst": 1, "noted:generic": 1}


def test_where_no_rule_looks_all_is_organic() -> None:
    one = feed(**dict.fromkeys(("burst", "clockwork", "copied_text", "lockstep", "pod", "generic"), "off"))
    for number in range(12):
        one.send("engagement", kind="comment", text=LOVELY, person_id=f"p{number % 2}", consent=True)

    assert of_glow(one.state) == {"judged": 12}


def test_changed_rules_hold_for_what_comes_from_then_on() -> None:
    one = feed()
    for _ in range(10):
        one.send("engagement", **PERSON)
    one.state.use(registry(campaign(authenticity={"burst": "off", "live": ["instagram"]})))
    one.send("engagement", channel="tiktok", **PERSON)
    one.send("engagement", **PERSON)

    assert of_glow(one.state) == {"judged": 11, "suspicious:burst": 2}


def test_reasons_add_up_over_leaves_and_windows() -> None:
    one = feed()
    for number in range(12):
        one.send("engagement", content_id=f"reel-{number % 3}", **PERSON)

    leaves = [Leaf("glow", "ana", f"reel-{number}", "instagram", "none") for number in range(3)]
    of_leaves = [one.state.tally(leaf, "5m") for leaf in leaves]
    assert merge(of_leaves)["judged"] == 12
    assert merge(of_leaves)["suspicious:burst"] == 4
    one.state.expire(NOON + HOUR)
    assert "judged" not in one.state.tally(leaves[0], "5m")


def test_contents_are_told_apart_by_their_influencer_and_beyond_the_cap_of_leaves() -> None:
    """Five people on five contents together: those of the fifth from the third person on are in lockstep."""
    one = Feed(new_state(max_leaves=2))
    for content in range(5):
        for who in range(3):
            time = rfc3339(NOON + content * MINUTE * 10 + who * SECOND)
            place: dict[str, Any] = {"influencer_id": f"i{content}", "content_id": "reel"}
            one.send("engagement", NOON + HOUR, event_time=time, person_id=f"p{who}", consent=True, **place)

    assert of_glow(one.state) == {"judged": 15, "suspicious:lockstep": 1}


def test_what_another_shard_sends_on_is_judged_like_all_else() -> None:
    one = feed()
    values = [raw("engagement", event_id=f"e{number}", **PERSON) for number in range(9)]
    one.state.apply_forwarded("engagements", records_of(values, [0] * 9, [NOON] * 9))

    assert of_glow(one.state) == {"judged": 9, "suspicious:burst": 1}


def test_who_saw_nothing_is_found_where_that_is_asked_for() -> None:
    one = feed(no_exposure="on")
    one.send("impression", **PERSON)
    one.send("engagement", **PERSON)
    one.send("engagement", person_id="q", consent=True)

    assert of_glow(one.state) == {"judged": 2, "suspicious:no_exposure": 1}


def test_who_saw_something_is_known_again_after_a_restart() -> None:
    worker, again = feed(no_exposure="on"), feed(no_exposure="on")
    worker.send("impression", **PERSON)
    delta = worker.state.cut()
    assert delta is not None
    again.state.replay(delta)
    again.partition = 1

    again.send("engagement", **PERSON)
    again.send("engagement", person_id="q", consent=True)

    assert of_glow(again.state) == {"judged": 2, "suspicious:no_exposure": 1}


def test_nobody_is_accused_who_saw_something_before_that_was_asked_for() -> None:
    one, asking = feed(), registry(campaign(authenticity={"no_exposure": "on"}))
    one.send("impression", **PERSON)
    one.state.use(asking)
    one.send("impression", person_id="r", consent=True)
    one.send("engagement", **PERSON)
    one.send("engagement", person_id="q", consent=True)
    assert of_glow(one.state) == {"judged": 2}

    again = Feed(new_state(asking), partition=1)
    delta = one.state.cut()
    assert delta is not None
    again.state.replay(delta)
    again.send("engagement", person_id="q", consent=True)

    assert of_glow(again.state) == {"judged": 3, "suspicious:no_exposure": 1}


def test_no_text_is_in_what_is_stored() -> None:
    worker = Worker(known())
    worker.sender.send(
        [Act(f"p{number}", "comment", says="planted unmistakable words here") for number in range(4)]
    )
    worker.store()

    assert counted(worker.state, "c0")["suspicious:copied_text"] == 2
    assert not any(b"unmistakable" in data for data in worker.stored)


def test_what_is_remembered_is_held_to_its_bytes_and_what_is_lost_is_counted_and_stored() -> None:
    worker, free = Worker(known(), judge_bytes=20_000), Worker(known())
    for round_ in range(3):
        acts = [Act(f"p{number}", at=round_ * HOUR + number, campaign=number % 2) for number in range(200)]
        for one in (worker, free):
            one.sender.send(acts)
            one.store()
    lost = evicted(worker.state)

    worker.restart()

    assert lost["evicted:paces"] > 0
    assert evicted(worker.state) == lost
    assert not evicted(free.state)
    assert worker.state.judge.octets() < free.state.judge.octets()


@given(logs(120), SEEDS)
def test_a_state_that_is_held_to_its_bytes_is_the_same_when_it_was_stored(acts: list[Act], seed: int) -> None:
    random, settings = Random(seed), known()
    live, worker = Worker(settings, judge_bytes=4000), Worker(settings, judge_bytes=4000)
    for part in parts_of([replace(act, agent=0) for act in acts], random):
        token = random.getrandbits(32)
        for one in (live, worker):
            one.sender.random = Random(token)
            one.sender.send(part)
            one.store()
        worker.merge(0, random.randint(0, len(worker.stored)))
        worker.restart()

        assert evicted(worker.state) == evicted(live.state)
        assert [counted(worker.state, f"c{n}") for n in (0, 1)] == [
            counted(live.state, f"c{n}") for n in (0, 1)
        ]


def evicted(state: ShardState) -> Counter[str]:
    tally = state.outcomes("engagements")
    return Counter({name: count for name, count in tally.items() if name.startswith("evicted:")})


def test_a_campaign_of_which_an_interaction_alone_is_known_is_let_go_by_the_cut_that_finds_it_over() -> None:
    one = feed()
    one.send("engagement", **PERSON)
    cuts = []
    for _ in range(2):
        one.state.expire(NOON + 365 * DAY)
        cuts.append(one.state.cut())

    assert [cut is not None and cut.closing.campaigns for cut in cuts] == [frozenset(), {"glow"}]


def test_what_is_remembered_of_a_campaign_that_is_over_is_forgotten() -> None:
    one = feed()
    one.send("engagement", **PERSON)
    assert of_glow(one.state) == {"judged": 1}
    assert one.state.judge.octets() > 0

    one.state.expire(NOON + 365 * DAY)
    one.state.cut()

    assert one.state.judge.octets() == 0
    assert of_glow(one.state) == {"judged": 1}
    assert one.state.is_leaf(LEAF)

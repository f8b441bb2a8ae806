"""The oracle's judge against groups worked out by hand, and planted ones whose verdicts no order changes."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.document import read_document
from tests.system.support.forging import FORGED
from tests.system.support.judging import Event, Record
from tests.system.support.ledger import fold
from tests.system.support.rules import rules_of
from tests.system.support.suspicion import HOUR, MINUTE, SECOND, suspected
from tests.system.support.tally import Leaf, Tally
from tests.system.support.traffic import Message, Mix, Traffic

START = 1_800_000_000 * SECOND
NOW = clock()
ARRIVAL = int(NOW.timestamp() * SECOND)
DOCUMENT = read_document(all_campaigns(NOW))


def act(time: int, person: str | None = "p", content: str = "c", **known: object) -> Event:
    """Make a like, so many microseconds after the start."""
    usual = Event(
        "engagement", f"{time}{person}", START + time, START + time, "talk", "ana", content, "x", "post"
    )
    return Event(**{**usual.__dict__, "person": person, "kind": "like", **known})


def told(events: Sequence[Event], **rules: object) -> Counter[str]:
    """Count what is judged by its reason, or why it is noted."""
    judged = [event for event in suspected(events, {"talk": rules_of(rules)}) if event.judged]
    return Counter(event.reason or event.noted or "organic" for event in judged)


COPIES = [act(n, f"p{n}", text="the very same words", kind="comment") for n in range(5)]
COMPANY = [act(c * HOUR + p * SECOND, f"p{p}", f"c{c}") for c in range(7) for p in range(4)]
POD = [act(c * HOUR + p * MINUTE, f"p{p}", f"c{c}", kind="comment") for c in range(6) for p in range(12)]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([act(n * SECOND) for n in range(8)], {}),
        ([act(n * SECOND // 2) for n in range(12)], {"burst": 4}),
        ([act(n * SECOND // 2, kind="reply") for n in range(12)], {}),
        # 66 in 29 minutes, now 13 s apart and now 40.
        ([act(n // 2 * 53 * SECOND + n % 2 * 13 * SECOND) for n in range(66)], {"burst": 6}),
        ([act(n * 90 * SECOND) for n in range(20)], {"clockwork": 5}),
        ([act(n * n * 9 * SECOND) for n in range(20)], {}),
        (COPIES, {"copied_text": 3}),
        ([act(n, None, text="the very same words") for n in range(5)], {}),
        ([*COPIES[:3], act(4, None, text="The very same words! 😍")], {"copied_text": 2}),
        ([act(n * 13 * HOUR, f"p{n}", text="the very same words") for n in range(5)], {}),
        ([act(n, f"p{n}", text="only three words") for n in range(5)], {}),
        ([act(n, f"p{n}", text="Count me in please, friends") for n in range(5)], {}),
        # On the fifth content and later ones the third and the fourth to come have two partners.
        (COMPANY, {"lockstep": 6}),
        ([event for event in COMPANY if event.person in ("p0", "p1")], {}),
        # Twelve have commented on the fifth content and the sixth: from the tenth on they are noted.
        (POD, {"pod": 6}),
        ([act(0, "p", text="Love it @ana #ad")], {"generic": 1}),
        ([act(0, "p", text="")], {"generic": 1}),
    ],
)
def test_a_group_is_told_from_the_first_on_that_the_page_says(
    events: list[Event], expected: dict[str, int]
) -> None:
    found = told(events)
    assert found.total() == len(events)
    del found["organic"]
    assert found == expected


def test_a_campaign_sets_how_it_judges() -> None:
    burst = [act(n * SECOND // 2) for n in range(12)]
    assert told(burst, burst="off") == {"organic": 12}
    assert told(burst, burst={"in_10_seconds": 10}) == {"organic": 10, "burst": 2}
    assert told(COPIES, copied_text={"persons": 5}) == {"organic": 4, "copied_text": 1}
    assert told(COPIES, copied_text={"except": ["Very same"]}) == {"organic": 5}
    assert told(COMPANY, lockstep={"contents": 4, "partners": 1}) == {"organic": 16, "lockstep": 12}
    assert told(POD, pod={"use": "on", "persons": 11}) == {"organic": 68, "pod": 4}


def test_what_is_reported_alone_is_noted_and_stays_organic() -> None:
    rules = rules_of({"burst": "report"})
    events = [*suspected([act(n * SECOND // 2) for n in range(12)], {"talk": rules})]
    assert {event.reason for event in events} == {None}
    assert [event.noted for event in events] == [None] * 8 + ["burst"] * 4


@pytest.mark.parametrize(
    ("event", "judged"),
    [
        (act(0, "p"), True),
        (act(0, None), False),
        (act(0, None, text=""), True),
        (act(0, None, tells_who=True), True),
        (act(0, "p", count=2), False),
        (act(0, "p", total=1), False),
        (act(0, "p", kind="video_view"), False),
        (act(0, "p", type="impression", kind=None), False),
        (act(0, "p", type="click", kind=None), True),
        (act(0, "p", format="live", text="so nice"), False),
        (act(0, "p", channel="live", tells_who=True), True),
    ],
)
def test_only_what_stands_for_itself_and_says_who_did_it_is_judged(event: Event, judged: bool) -> None:
    assert [one.judged for one in suspected([event], {"talk": rules_of({})})] == [judged]


def test_what_is_done_in_a_live_chat_is_no_burst() -> None:
    assert told([act(n, format="live", tells_who=True) for n in range(12)]) == {"organic": 12}


def test_what_is_suspicious_of_the_traffic_does_not_depend_on_the_order_of_partitions() -> None:
    messages = Traffic(5, NOW, Mix(forged=0.3)).messages(4000)
    first = computed(messages)
    for order in range(3):
        assert computed([*interleaved(messages, random.Random(order))]) == first


def computed(messages: Sequence[Message]) -> dict[str, dict[Leaf, Tally]]:
    """Count in the forged campaigns what comes in this order."""
    records = [Record(m.topic, 0, n, ARRIVAL + n, None, m.value) for n, m in enumerate(messages)]
    ledger = fold(records, DOCUMENT)
    windows = [ledger.tallies(campaign, ARRIVAL + SECOND) for campaign in FORGED]
    return {f"{n} {window}": leaves for n, by in enumerate(windows) for window, leaves in by.items()}


def interleaved(messages: Sequence[Message], chance: random.Random) -> Iterator[Message]:
    """Put messages into another order, but for those that name their partition."""
    in_order = iter([message for message in messages if message.partition is not None])
    for message in chance.sample(messages, len(messages)):
        yield message if message.partition is None else next(in_order)

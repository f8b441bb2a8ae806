"""The work of the peers' benchmark, and what is said to be true of it."""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.peers.counted import Counted
from benchmarks.peers.work import LATENESS, SPAN, Sent, Shape, Work, spoilt
from benchmarks.records import OF_PEERS
from connections.topics import partition_of
from models.events.parsing import Refusal, parse_event
from models.topics import topic_of

NOW = datetime(2026, 11, 10, 13, tzinfo=UTC)
MANY = 6_000
PARTITIONS = 4
KINDS = {topic_of(kind): kind for kind in OF_PEERS}


@pytest.fixture(scope="module")
def made() -> tuple[list[Sent], Counted]:
    work = Work(MANY, PARTITIONS, NOW, Shape(invalid=0.01))
    return list(work), work.truth()


def counted(sent: list[Sent]) -> Counted:
    """Count with the product's own models."""
    events: Counter[tuple[str, str]] = Counter()
    people: defaultdict[str, set[str]] = defaultdict(set)
    ids: set[str] = set()
    duplicates = invalid = 0
    for topic, _, _, value in sent:
        kind = KINDS[topic]
        event = parse_event(kind, value)
        if isinstance(event, Refusal):
            invalid += 1
        elif event.event_id in ids:
            duplicates += 1
        else:
            ids.add(event.event_id)
            events[event.campaign_id, kind] += 1
            if kind == "impression" and event.consent and event.person_id:
                people[event.campaign_id].add(event.person_id)
    return Counted(events, duplicates, invalid, {who: float(len(found)) for who, found in people.items()})


def test_the_truth_is_what_the_models_count(made: tuple[list[Sent], Counted]) -> None:
    sent, truth = made

    assert counted(sent) == truth
    assert truth.records() == len(sent) == MANY
    assert truth.duplicates > MANY / 200
    assert truth.invalid > MANY / 200


def test_kinds_come_in_their_shares(made: tuple[list[Sent], Counted]) -> None:
    of_kinds: Counter[str] = Counter()
    for (_, kind), count in made[1].events.items():
        of_kinds[kind] += count

    shares = {kind: round(100 * count / of_kinds.total()) for kind, count in of_kinds.items()}
    assert shares == pytest.approx({"impression": 90, "engagement": 6, "click": 3, "conversion": 1}, abs=1)


def test_a_record_is_on_the_topic_of_its_kind_and_the_partition_of_its_key(
    made: tuple[list[Sent], Counted],
) -> None:
    for topic, partition, key, value in made[0]:
        assert partition == partition_of(key, PARTITIONS)
        assert b'{"type":"%b"' % KINDS[topic].encode() in value


def test_times_run_through_the_span_with_little_lateness(made: tuple[list[Sent], Counted]) -> None:
    times = [
        datetime.fromisoformat(json.loads(sent.value)["event_time"])
        for sent in made[0]
        if sent.value.endswith(b"}") and b"yesterday" not in sent.value
    ]

    assert NOW - SPAN - LATENESS <= min(times) < NOW - SPAN + timedelta(seconds=5)
    assert NOW - LATENESS - timedelta(seconds=5) < max(times) <= NOW


def test_the_first_campaign_has_the_most_unless_all_are_even() -> None:
    def share_of_the_first(shape: Shape) -> float:
        work = Work(MANY, PARTITIONS, NOW, shape)
        list(work)
        events = work.truth().events
        return sum(count for (who, _), count in events.items() if who == "campaign-0") / events.total()

    assert share_of_the_first(Shape()) == pytest.approx(0.25, abs=0.05)
    assert share_of_the_first(Shape(even=True)) == pytest.approx(0.02, abs=0.01)


def test_the_same_seed_makes_the_same_records() -> None:
    assert list(Work(500, PARTITIONS, NOW)) == list(Work(500, PARTITIONS, NOW))
    assert list(Work(500, PARTITIONS, NOW)) != list(Work(500, PARTITIONS, NOW, seed=2))


def test_orders_are_their_events_own(made: tuple[list[Sent], Counted]) -> None:
    conversions = [json.loads(s.value) for s in made[0] if s.topic == "conversions" and s.value[-1:] == b"}"]

    orders = {event["order_id"] for event in conversions}
    assert len(orders) == len({event.get("event_id", event["order_id"]) for event in conversions})


@pytest.mark.parametrize("number", range(5))
def test_what_is_spoilt_is_no_event_for_the_product(number: int) -> None:
    topic, _, _, value = next(iter(Work(1, PARTITIONS, NOW, Shape(duplicates=0, invalid=0))))
    kind = KINDS[topic]

    assert not isinstance(parse_event(kind, value), Refusal)
    assert isinstance(parse_event(kind, spoilt(value, number)), Refusal)


def test_leaves_are_campaigns_times_influencers_times_contents() -> None:
    assert Shape().leaves == 2_000

"""Several workers, whatever happens to them, count what one that is never disturbed counts."""

import asyncio
import json
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.readings.reading import read_campaign
from models.state.shard_state import ShardState
from models.tally import Tally, merge
from models.times import DAY, MINUTE
from models.topics import INPUT_TOPICS
from tests import strategies
from tests.strategies import logs
from tests.unit.models.authenticity import acts
from tests.unit.models.building import NOON, apply_rated, campaign, new_state, registry
from tests.unit.models.state.interacting import counted, known, value_of
from tests.unit.streams.cluster import Broker, PlayedWorker
from tests.unit.streams.shard.storm import Sent, Storm

PARTITIONS = 3
CAMPAIGNS = ("glow", "snow", "flow", "blow")
KNOWN = registry(*(campaign(id=name, name=name) for name in CAMPAIGNS))
few = settings(max_examples=max(30, settings().max_examples // 3))


def owner(name: str) -> int:
    """Return the shard of a campaign: two of them share one."""
    return CAMPAIGNS.index(name) % PARTITIONS


def scattered(log: list[strategies.Sent], seed: int) -> list[Sent]:
    """Send events of all campaigns to any partition, some twice, within the last half hour."""
    random = Random(seed)
    sent = []
    for record in log:
        fields = json.loads(record.value)
        if "campaign_id" in fields:
            fields["campaign_id"] = random.choice(CAMPAIGNS)
        arrival = NOON - random.randrange(30 * MINUTE) // 1000 * 1000
        for _ in range(random.choice([1, 1, 1, 2])):
            source = record.topic, random.randrange(PARTITIONS)
            sent.append((source, json.dumps(fields).encode(), arrival))
    random.shuffle(sent)
    return sent


def undisturbed(broker: Broker, registry_: Registry = KNOWN) -> ShardState:
    """ShardState all that was sent, once."""
    state = new_state(registry_)
    for (topic, partition), records in broker.sources.items():
        if topic in INPUT_TOPICS and records:
            arrivals = [record.arrival for record in records]
            values = [record.value for record in records]
            apply_rated(state, Batch(topic, partition, records_of(values, range(len(records)), arrivals)))
    return state


def figures(state: ShardState, name: str) -> dict[str, Any]:
    """Return all that is shown of a campaign."""
    state.expire(NOON)
    return {
        f"{reading.scope} {reading.window}": (
            reading.figures.tally,
            reading.figures.reach,
            reading.figures.target_reach,
        )
        for reading in read_campaign(state, KNOWN.campaigns[name], KNOWN, NOON)
    }


def outcomes(states: list[ShardState], topic: str) -> Tally:
    """Count what became of a topic's events, wherever they were counted."""
    counted = merge(state.outcomes(topic) for state in states)
    return {name: count for name, count in counted.items() if count and name != "forwarded"}


def refused(broker: Broker) -> dict[tuple[bytes | None, ...], int]:
    """Count dead letters by topic, partition and offset."""
    found: dict[tuple[bytes | None, ...], int] = {}
    for letter in broker.letters:
        origin = tuple(value for _, value in letter.headers[:3])
        found[origin] = found.get(origin, 0) + 1
    return found


async def after_a_storm(
    seed: int, rounds: int, sent: list[Sent], registry_: Registry = KNOWN
) -> tuple[Broker, list[PlayedWorker]]:
    storm = Storm(seed, PARTITIONS, registry_, owner, sent)
    await storm.rage(rounds)
    return storm.broker, await storm.calm()


@few
@given(st.integers(0, 2**32), st.integers(0, 8), logs(40))
def test_whatever_happens_to_the_workers_each_event_is_in_the_state_once(
    seed: int, rounds: int, log: list[strategies.Sent]
) -> None:
    broker, workers = asyncio.run(after_a_storm(seed, rounds, scattered(log, seed)))
    assert [worker.reasons for worker in workers] == [[], []]
    shards = {number: shard for one in workers for number, shard in one.manager.assignment.shards.items()}
    whole, states = undisturbed(broker), [shard.state for shard in shards.values()]

    assert sorted(shards) == list(range(PARTITIONS))
    assert all(shard.live for shard in shards.values())
    assert sum(shard.holes for shard in shards.values()) == 0
    for name in CAMPAIGNS:
        assert figures(shards[owner(name)].state, name) == figures(whole, name)
    for topic in INPUT_TOPICS:
        assert outcomes(states, topic) == outcomes([whole], topic)
    expected = sum(whole.outcomes(topic).get("outcome:refused", 0) for topic in INPUT_TOPICS)
    assert len(refused(broker)) == expected


@few
@given(st.integers(0, 2**32), st.integers(0, 8), acts.logs(60))
def test_verdicts_follow_the_order_on_a_partition_whatever_happens_to_the_workers(
    seed: int, rounds: int, log: list[acts.Act]
) -> None:
    """All interactions come by one partition of one topic, and most are sent on to another shard."""
    random, names = Random(seed), (CAMPAIGNS[0], CAMPAIGNS[1])
    source, judged = ("engagements", random.randrange(PARTITIONS)), known(names)
    likes = [act for act in log if act.does != "click"]
    sent = [(source, value_of(act, random, names, NOON - 60 * DAY), NOON) for act in likes]

    broker, workers = asyncio.run(after_a_storm(seed, rounds, sent, judged))

    shards = {number: shard for one in workers for number, shard in one.manager.assignment.shards.items()}
    whole = undisturbed(broker, judged)
    for name in names:
        assert counted(shards[owner(name)].state, name) == counted(whole, name)

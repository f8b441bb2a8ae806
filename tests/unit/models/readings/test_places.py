"""Sums by site are kept as events come: they are those of the leaves, whatever has happened to these."""

import json
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.campaigns.campaign import Campaign
from models.core.columns import ACTIVE
from models.readings.subject import Subject, subject_of
from models.state.places import AT
from models.state.shard_state import ShardState
from models.times import DAY
from models.windows import FLIGHT, WINDOW_NAMES, WindowName
from tests.strategies import Sent, logs
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry
from tests.unit.models.state.crashing import ROUNDS, Log, Rounds, Worker, follow

Sums = dict[tuple[int, int, int], list[int]]
"""Sums by the numbers of channel, format and influencer, −1 where it is not told apart."""

PRICED: list[list[dict[str, Any]]] = [
    [],
    [{"influencer": "ana", "cpm": 2}],
    [{"influencer": "ana", "cpm": 2}, {"influencer": "ben", "cpc": 1}],
    [{"influencer": "ana", "flat_fee": 10}, {"influencer": "nobody", "cpm": 1}],
]
thorough = settings(max_examples=max(40, settings().max_examples))


def _formatted(sent: Sent, random: Random) -> Sent:
    fields = {**json.loads(sent.value), "format": random.choice(["reel", "story", ""])}
    return replace(sent, value=json.dumps({name: value for name, value in fields.items() if value}).encode())


def scattered() -> SearchStrategy[Log]:
    """Draw a log of leaves with formats, of a campaign with some costs."""
    return st.builds(
        lambda sent, costs, seed: Log(
            [_formatted(one, Random(seed + at)) for at, one in enumerate(sent)],
            [Random(seed - at).randrange(2) for at in range(len(sent))],
            registry(campaign(costs=costs)),
        ),
        logs(),
        st.sampled_from(PRICED),
        st.integers(0, 2**16),
    )


def read(state: ShardState, now: int) -> Subject:
    declared: Campaign = state.registry.campaigns["glow"]
    return subject_of(state, declared, state.registry, now)


def kept(subject: Subject, window: WindowName) -> Sums:
    """Return the sums that are read, without those of nothing."""
    atoms = subject.places.atoms
    keys = zip(*(atoms.of(name).tolist() for name in ("channel", "format", "influencer")), strict=True)
    return dict(zip(keys, subject.of_places(window).tolist(), strict=True))


def summed(subject: Subject, window: WindowName) -> Sums:
    """Sum leaf by leaf."""
    held, found = subject.keys.held, Sums()
    priced = {cost.influencer for cost in subject.campaign.costs if cost.cpm or cost.cpc}
    table = [held.table[AT[name]].tolist() for name in ("channel", "format", "influencer")]
    for at, (channel, kind, influencer) in enumerate(zip(*table, strict=True)):
        alone = held.keys["influencer"][influencer].ids[1] in priced
        key = channel, kind, influencer if alone else -1
        rows = held.rows[at : at + 1]
        # Those seen through orders alone have none, and count nothing here.
        (counts,) = subject.state.sums(window, rows, np.zeros(len(rows), np.int64), 1).tolist()
        found[key] = [one + more for one, more in zip(found.get(key, [0] * len(counts)), counts, strict=True)]
    return found


@thorough
@given(scattered(), ROUNDS, st.sampled_from([1, 2, 5, 1000]), st.sampled_from([0, 0, DAY, 60 * DAY]))
def test_places_count_what_their_leaves_do(log: Log, rounds: Rounds, most: int, later: int) -> None:
    """Under late events, windows that move on, crashes, replays, caps, orders alone, and a campaign's end."""
    worker = Worker(log, NOON, most)
    follow(worker, rounds)
    worker.read_all()
    worker.now += later
    worker.flush()
    worker.flush()

    subject = read(worker.state, worker.now)

    for window in WINDOW_NAMES:
        assert kept(subject, window) == summed(subject, window)


@thorough
@given(scattered(), ROUNDS, st.sampled_from([1, 2, 1000]))
def test_activity_is_what_leaves_saw_and_did_in_the_flight(log: Log, rounds: Rounds, most: int) -> None:
    worker = Worker(log, NOON, most)
    follow(worker, rounds)
    worker.read_all()

    subject = read(worker.state, worker.now)

    held = subject.keys.held
    for scope in ("influencer", "content", "channel", "format"):
        expected: Counter[int] = Counter()
        for row, key in zip(held.rows, held.table[AT[scope]].tolist(), strict=False):
            (counts,) = subject.state.sums(FLIGHT, np.array([row]), np.zeros(1, np.int64), 1)
            expected[key] += int(counts[ACTIVE].sum())
        found = subject.activity(scope).tolist()
        assert {key: count for key, count in enumerate(found) if count} == +expected


@example(300)
@given(st.integers(1, 40))
def test_each_site_of_many_is_apart(number: int) -> None:
    feed = Feed(new_state(registry(campaign(), campaign(id="snow"))))
    for at in range(number):
        for name in ("glow", "snow"):
            feed.send("impression", campaign_id=name, channel=f"channel-{at}", count=at + 1)

    sums = kept(read(feed.state, NOON), FLIGHT)

    assert sorted(counts[0] for counts in sums.values()) == list(range(1, number + 1))

"""Interactions as events: what tests of rules draw (tests/unit/models/authenticity), as producers send it.

All come by one partition a topic, in the order of the acts.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.shard_state import ShardState
from models.tally import Tally, merge
from models.times import DAY
from models.topics import EventType, topic_of
from tests.unit.models.authenticity.acts import Act
from tests.unit.models.building import BROWSER, NOON, campaign, new_state, payload, registry, rfc3339

ARRIVAL = NOON + 300 * DAY
"""Long after any act: what comes late counts, and is judged, by its own time."""
OF_A_SERVER = "python-requests/2.32.3"


def known(names: Sequence[str] = ("c0", "c1"), **authenticity: object) -> Registry:
    """Register campaigns of a long flight, all set alike."""
    flight = {"starts": "2020-01-01T00:00:00Z", "ends": "2040-01-01T00:00:00Z"}
    return registry(*(campaign(id=name, **flight, authenticity=authenticity) for name in names))


@dataclass
class Sender:
    """Sends acts to a state, each as an event with an id of its own, some of which only a model can read."""

    state: ShardState
    random: Random = field(default_factory=lambda: Random(1))
    sent: Counter[str] = field(default_factory=Counter)

    def send(self, acts: Iterable[Act]) -> None:
        """Send acts in their order, a batch for each run of one topic."""
        for event_type, run in groupby(acts, _type_of):
            self._apply(event_type, [value_of(act, self.random) for act in run])

    def show(self, acts: Iterable[Act]) -> None:
        """Send an impression of each act's person, where and when they act."""
        self._apply("impression", [value_of(act, self.random, event_type="impression") for act in acts])

    def _apply(self, event_type: EventType, values: Sequence[bytes]) -> None:
        topic = topic_of(event_type)
        first = self.sent[topic]
        self.sent[topic] += len(values)
        offsets = range(first, first + len(values))
        self.state.apply(Batch(topic, 0, records_of(values, offsets, [ARRIVAL] * len(values))))


def value_of(
    act: Act,
    random: Random,
    names: Sequence[str] = ("c0", "c1"),
    noon: int = NOON,
    event_type: EventType | None = None,
) -> bytes:
    """Write an act as an event of the campaign that has its number among these, its noon at a time."""
    event_type = event_type or _type_of(act)
    fields = {
        "event_id": f"{event_type}{random.getrandbits(60)}",
        "event_time": rfc3339(noon + act.at),
        "campaign_id": names[act.campaign],
        "influencer_id": act.of,
        "content_id": act.on,
        "format": "live" if act.live else None,
        "person_id": act.who,
        "consent": True,
        "kind": act.does if event_type == "engagement" else None,
        "text": act.says,
        "user_agent": BROWSER if act.agent >= 0 else random.choice([None, "", OF_A_SERVER]),
        "count": act.count if act.count > 1 else random.choice([1, None]),
        # Too long: only a model sees that it does not fit.
        "source": "s" * 65 if random.random() < 0.2 else None,
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(payload(event_type, **given), ensure_ascii=random.random() < 0.5).encode()


def _type_of(act: Act) -> EventType:
    return "click" if act.does == "click" else "engagement"


def counted(state: ShardState, name: str) -> Tally:
    """Return what the verdicts on a campaign's interactions count in the flight."""
    tallies = merge(state.tally(leaf, "flight") for leaf in state.leaves_of(name))
    return {
        key: count for key, count in tallies.items() if key.split(":")[0] in ("judged", "suspicious", "noted")
    }


class Worker:
    """A state, and what is stored of it."""

    def __init__(self, registry_: Registry, judge_bytes: int = 256_000_000) -> None:
        self._registry, self._judge_bytes = registry_, judge_bytes
        self.stored: list[bytes] = []
        self.sender = Sender(self._new_state())

    @property
    def state(self) -> ShardState:
        """The state now."""
        return self.sender.state

    def store(self) -> None:
        """Store what changed."""
        delta = self.state.cut()
        if delta is not None:
            self.stored.append(encode_delta(delta))

    def merge(self, start: int, end: int) -> None:
        """Merge some neighbours among what is stored."""
        part = [decode_delta(data) for data in self.stored[start:end]]
        if part:
            self.stored[start:end] = [encode_delta(merge_deltas(part))]

    def restart(self) -> None:
        """Forget all, and take back what is stored."""
        self.sender.state = self._new_state()
        for data in self.stored:
            self.state.replay(decode_delta(data))

    def _new_state(self) -> ShardState:
        return new_state(self._registry, judge_bytes=self._judge_bytes)


def parts_of(acts: Sequence[Act], random: Random) -> list[Sequence[Act]]:
    """Part acts into stretches, some of them empty."""
    edges = sorted(random.randrange(len(acts) + 1) for _ in range(random.randrange(8)))
    return [acts[start:end] for start, end in zip([0, *edges], [*edges, len(acts)], strict=True)]

"""The work that every engine is given, from a seed, and what is true of it.

Impressions, engagements, clicks and conversions (90, 6, 3 and 1 of 100) of some campaigns, the first of which
have the most (as 1/n^1.1), and of their influencers alike; one in a hundred is sent twice, one in a thousand
is no event. Their times run through the last minutes. A record is on the partition of its campaign, which is
its key.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

import numpy as np

from benchmarks.peers.counted import Counted
from benchmarks.records import CAMPAIGNS, OF_PEERS, record
from connections.topics import partition_of
from models.topics import EventType, topic_of
from producers.comments import comment
from producers.phrases import PHRASES, POLARITIES

SPAN = timedelta(minutes=4)
LATENESS = timedelta(seconds=2)
_BLOCK = 10_000
_TAILS = 2_000
_ZIPF = 1.1
_CHANNELS = (b"instagram", b"tiktok", b"youtube")
_RECENT = (
    1_000  # A duplicate comes within so many records: a pixel that fires again, a producer that retries.
)
_ORDER = b"order-of-event"
_TEXT = re.compile(rb'"text":"[^"]*",')
_VALUE = (
    b'{"type":"%b","event_id":"%b","event_time":"%bZ","campaign_id":"%b","influencer_id":"influencer-%d-%d",'
    b'"content_id":"reel-%d","channel":"%b","person_id":"person-%08d",%b'
)


class Sent(NamedTuple):
    """A record on its way to a partition of a topic."""

    topic: str
    partition: int
    key: bytes
    value: bytes


@dataclass(frozen=True)
class Shape:
    """How many of each there are: influencers by campaign, contents by influencer."""

    campaigns: int = CAMPAIGNS
    influencers: int = 10
    contents: int = 4
    persons: int = 1_000_000
    orders: int | None = None
    """How many orders there are of each campaign; None: each conversion is one of its own."""
    even: bool = False
    """Whether all campaigns and influencers have as many events."""
    duplicates: float = 0.01
    invalid: float = 0.001
    misrouted: float = 0.0
    """The share of records on another partition than their campaign's."""
    span: timedelta = SPAN
    """How long it is that their times run through."""
    texts: float | None = None
    """The share of engagements with a text, of many; None: all have the same."""

    @property
    def leaves(self) -> int:
        """Return how many distinct places an event may be of."""
        return self.campaigns * self.influencers * self.contents


class Drawn(NamedTuple):
    """What is drawn by lot for an event."""

    kind: EventType
    event_id: str
    time: str
    campaign: int
    influencer: int
    content: int
    person: int
    lot: float
    """Decides whether another is sent twice in its place, or it is spoilt."""
    stray: float
    """Decides whether it is on another partition, and on which."""


@dataclass
class Work:
    """Records one after the other; what is true of those that were taken is in `truth`."""

    count: int
    partitions: int
    now: datetime
    shape: Shape = Shape()
    seed: int = 1
    _events: Counter[tuple[str, str]] = field(default_factory=Counter)
    _persons: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _duplicates: int = 0
    _invalid: int = 0

    def __post_init__(self) -> None:
        self._tails = _tails(self.seed, self.now)
        if self.shape.texts is not None:
            self._tails["engagement"] = _written(self._tails["engagement"], self.shape.texts, self.seed)

    def truth(self) -> Counted:
        """Return what is true of the records that were taken so far."""
        people = {campaign: float(len(persons)) for campaign, persons in self._persons.items()}
        return Counted(self._events.copy(), self._duplicates, self._invalid, people)

    def __iter__(self) -> Iterator[Sent]:
        """Make `count` records, duplicates and spoilt ones among them."""
        recent: list[Sent] = []
        for number, drawn in zip(range(self.count), self._drawn(), strict=False):
            if drawn.lot < self.shape.duplicates and recent:
                self._duplicates += 1
                yield recent[number % len(recent)]
                continue
            tails = self._tails[drawn.kind]
            tail = tails[number % len(tails)]
            sent = self._sent(drawn, tail)
            if drawn.lot > 1 - self.shape.invalid:
                self._invalid += 1
                yield sent._replace(value=spoilt(sent.value, number))
                continue
            self._note(drawn, identified=tail.startswith(b'"consent":true'))
            recent[number % _RECENT : number % _RECENT + 1] = [sent]
            yield sent

    def _drawn(self) -> Iterator[Drawn]:
        random = np.random.default_rng(self.seed)
        for first in range(0, self.count, _BLOCK):
            yield from _draw(random, self.shape, self._times(random, first))

    def _times(self, random: np.random.Generator, first: int) -> list[str]:
        """Return times that go on with the number of the event, each late by up to two seconds."""
        span = self.shape.span
        start = (self.now - span).timestamp() * 1000
        through = np.arange(first, first + _BLOCK) / self.count * span.total_seconds() * 1000
        late = random.random(_BLOCK) * LATENESS.total_seconds() * 1000
        return list(np.datetime_as_string((start + through - late).astype("datetime64[ms]")))

    def _sent(self, drawn: Drawn, tail: bytes) -> Sent:
        key = b"campaign-%d" % drawn.campaign
        event_id = drawn.event_id.encode()
        value = _VALUE % (
            drawn.kind.encode(),
            event_id,
            drawn.time.encode(),
            key,
            drawn.campaign,
            drawn.influencer,
            drawn.content,
            _CHANNELS[drawn.content % len(_CHANNELS)],
            drawn.person,
            tail.replace(_ORDER, self._order(drawn)) if drawn.kind == "conversion" else tail,
        )
        partition = (partition_of(key, self.partitions) + self._strays(drawn.stray)) % self.partitions
        return Sent(topic_of(drawn.kind), partition, key, value)

    def _order(self, drawn: Drawn) -> bytes:
        orders = self.shape.orders
        return b"%d" % (int(drawn.event_id, 16) % orders) if orders else drawn.event_id.encode()

    def _strays(self, stray: float) -> int:
        """Return how many partitions a record is away from its campaign's."""
        if stray >= self.shape.misrouted:
            return 0
        return 1 + int(stray / self.shape.misrouted * (self.partitions - 1))

    def _note(self, drawn: Drawn, *, identified: bool) -> None:
        campaign = f"campaign-{drawn.campaign}"
        self._events[campaign, drawn.kind] += 1
        if identified and drawn.kind == "impression":
            self._persons[campaign].add(drawn.person)


def spoilt(value: bytes, number: int) -> bytes:
    """Make a record that is no event, in one of several ways."""
    return _SPOILERS[number % len(_SPOILERS)](value)


_SPOILERS: tuple[Callable[[bytes], bytes], ...] = (
    lambda value: value[:-9],
    lambda value: value.replace(b'"event_id"', b'"id"', 1),
    lambda value: value.replace(b'"event_id":"', b'"event_id":17,"id":"', 1),
    lambda value: value.replace(b'"campaign_id"', b'"campaign"', 1),
    lambda value: value.replace(b'"event_time":"2', b'"event_time":"yesterday, 2', 1),
)


def _draw(random: np.random.Generator, shape: Shape, times: list[str]) -> Iterator[Drawn]:
    ids = random.bytes(16 * _BLOCK).hex()
    return map(
        Drawn,
        map(OF_PEERS.__getitem__, random.integers(0, len(OF_PEERS), _BLOCK).tolist()),
        (ids[at : at + 32] for at in range(0, len(ids), 32)),
        times,
        _choose(random, shape.campaigns, shape.even),
        _choose(random, shape.influencers, shape.even),
        random.integers(0, shape.contents, _BLOCK).tolist(),
        (shape.persons * random.random(_BLOCK) ** 1.5).astype(int).tolist(),
        random.random(_BLOCK).tolist(),
        random.random(_BLOCK).tolist(),
    )


def _choose(random: np.random.Generator, number: int, even: bool) -> list[int]:
    weights = np.ones(number) if even else 1 / np.arange(1, number + 1) ** _ZIPF
    found = np.searchsorted(np.cumsum(weights / weights.sum()), random.random(_BLOCK))
    chosen: list[int] = found.clip(max=number - 1).tolist()
    return chosen


def _tails(seed: int, now: datetime) -> dict[EventType, list[bytes]]:
    """Return what stands behind the person in events of each kind, as other benchmarks' events have it."""
    random = Random(seed)
    tails: dict[EventType, list[bytes]] = {}
    for kind in dict.fromkeys(OF_PEERS):
        values = (record(random, now, [kind])[1] for _ in range(_TAILS))
        tails[kind] = [_own_order(value[value.index(b'"consent"') :]) for value in values]
    return tails


def _written(tails: list[bytes], share: float, seed: int) -> list[bytes]:
    """Give a share of engagements a text of its own, and take it from the others."""
    random = Random(seed)
    with_text = round(share * len(tails))
    own = [_text(random) if at < with_text else b"" for at in range(len(tails))]
    return [text.join(_TEXT.split(tail)) for text, tail in zip(own, tails, strict=True)]


def _text(random: Random) -> bytes:
    text = comment(random, random.choice(sorted(PHRASES)), random.choice(POLARITIES))
    return b'"text":%b,' % json.dumps(text).encode()


def _own_order(tail: bytes) -> bytes:
    """Let the order be named as its event: tails are used again, and an order counts once."""
    start = tail.find(b'"order-')
    return tail if start < 0 else tail[: start + 1] + _ORDER + tail[tail.index(b'"', start + 1) :]

"""Dead letters as a worker writes them, and a broker of lists to read them from."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from aiokafka import TopicPartition

from connections.topics import partition_of
from models.dead_letters import Headers, Letter, Origin, error_headers
from models.topics import INPUT_TOPICS
from producers.letters.judging import Again, Judge
from producers.letters.log import Bounds, Extent, Log, Record
from producers.letters.sender import Sender
from producers.publisher import DeliveryFailed
from tests.unit.models.building import NOON, payload, registry, rfc3339

PREFIX = "team."
LETTERS = "team.dead-letters"
MARKS = "team.dead-letters-reinjected"
PARTITIONS = 7


def event(event_type: Any = "click", **fields: Any) -> bytes:
    """Write an event that counts at noon, with these fields changed."""
    return json.dumps(payload(event_type, **{"event_time": rfc3339(NOON), **fields})).encode()


def letter(
    value: bytes | None = None,
    origin: Origin | None = None,
    place: int = 0,
    headers: Headers = (),
    reason: str = "unknown_campaign",
    key: bytes | None = b"glow",
    arrival: int = NOON,
) -> Letter:
    """Write a letter of a click, by default one that counts at noon."""
    came = origin or Origin(f"{PREFIX}clicks", 1, 100 + place)
    ours = error_headers(came, reason, "field: rule")
    written = event() if value is None else value
    return Letter(Origin(LETTERS, 0, place), arrival, key, written, [*headers, *ours])


def judge(again: bool = False, **changes: Any) -> Judge:
    """Judge by the usual campaign."""
    topics = dict.fromkeys((PREFIX + topic for topic in INPUT_TOPICS), PARTITIONS)
    usual: dict[str, Any] = {
        "registry": registry(),
        "prefix": PREFIX,
        "topics": topics,
        "largest": dict.fromkeys(topics, 1_000_000),
        "again": again,
    }
    return Judge(**usual | changes)


class Lists(Log):
    """Topics as lists; `firsts` says where the log of a topic begins, if retention has taken something."""

    def __init__(self) -> None:
        self.unreadable = 0
        self.firsts: dict[str, int] = {}
        self.held: defaultdict[TopicPartition, list[Record]] = defaultdict(list)

    def append(self, record: Again, arrival: int = NOON) -> None:
        """Add a record."""
        found = self.held[TopicPartition(record.topic, record.partition)]
        size = len(record.value or b"")
        place = (record.topic, record.partition, len(found), arrival // 1000, 0)
        found.append(Record(*place, record.key, record.value, None, 0, size, tuple(record.headers)))

    def write(self, letters: Sequence[Letter]) -> None:
        """Add dead letters, each at the next offset of the only partition."""
        for one in letters:
            self.append(Again(LETTERS, 0, one.key, one.value, one.headers), one.arrival)

    def values(self, topic: str) -> list[bytes | None]:
        """Return the values on a topic."""
        return [one.value for tp, records in self.held.items() if tp.topic == topic for one in records]

    async def extent(self, topic: str) -> Extent:
        """Return the bounds of the partitions of a topic."""
        count = 1 if topic in (LETTERS, MARKS) else PARTITIONS
        found = (TopicPartition(topic, number) for number in range(count))
        first = self.firsts.get(topic, 0)
        return {tp: Bounds(first, max(first, len(self.held[tp]))) for tp in found}

    async def read(self, extent: Extent) -> AsyncIterator[Sequence[Record]]:
        """Yield the records one by one."""
        for tp, bounds in extent.items():
            for record in self.held[tp][bounds.first : bounds.end]:
                yield [record]


class Committing(Sender):
    """Commits to lists; `fails` says at which commit it fails, and whether the broker has taken that one."""

    def __init__(self, lists: Lists, fails: Mapping[int, bool]) -> None:
        self._lists = lists
        self._fails = dict(fails)
        self._commits = 0

    async def commit(self, records: Sequence[Again]) -> None:
        """Add all records, or fail."""
        taken = self._fails.get(self._commits, True)
        failed = self._commits in self._fails
        self._commits += 1
        if taken:
            for record in records:
                self._lists.append(record)
        if failed:
            raise DeliveryFailed("Killed.")


def campaign_partition(key: bytes) -> int:
    """Return the partition that a key belongs on."""
    return partition_of(key, PARTITIONS)

"""What is wrong with how topics are configured, and the setting that mends it.

A fault stops workers where state would be lost in silence, or could not be written at all; any other is said
by `kpis check`, and logged when a worker starts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connections.topics import (
    changelog_topic,
    dead_letters_topic,
    forwarded_topic,
    input_topics,
    reinjected_topic,
    worker_topics,
)
from models.settings import Settings

TIMESTAMPS = "message.timestamp.type"
ARRIVAL = "LogAppendTime"
RETENTION = "retention.ms"
RETENTION_BYTES = "retention.bytes"
CLEANUP = "cleanup.policy"
COMPACT = "compact"
MAX_BYTES = "max.message.bytes"
MIN_IN_SYNC = "min.insync.replicas"
READ_CONFIGS = (TIMESTAMPS, RETENTION, RETENTION_BYTES, CLEANUP, MAX_BYTES, MIN_IN_SYNC)

LARGEST_DEAD_LETTER = 16 * 1024 * 1024
LARGEST_RECORD = 1_000_000
"""What the state's topic is made to take; parts of a delta or a bundle are smaller (streams.journal)."""
NEEDED_BYTES = 910_000
"""What a part of a delta, or a bundle, takes at most, with what Kafka adds to it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the broker has it; `partitions` is 0 where it does not exist.

    `config` holds only what could be read (that takes the right DescribeConfigs).
    """

    name: str
    partitions: int = 0
    replicas: int = 0
    config: Mapping[str, str] | None = None

    @property
    def retention_ms(self) -> int | None:
        """How long records stay: None where that is not known, -1 for ever."""
        if not self.config:
            return None
        return -1 if self.compacted else int(self.config[RETENTION])

    @property
    def compacted(self) -> bool:
        """Whether only the last record of each key is kept; False where that is not known."""
        return COMPACT in self.read(CLEANUP, "")

    @property
    def keeps_arrival(self) -> bool | None:
        """Whether records get the time of their arrival; None where that is not known."""
        return self.config[TIMESTAMPS] == ARRIVAL if self.config else None

    def read(self, key: str, right: str) -> str:
        """Return a setting; what is right where it is not known."""
        return (self.config or {}).get(key, right)


@dataclass(frozen=True, slots=True)
class Fault:
    """A setting of a topic that is wrong, a sentence that says why, and the value that mends it.

    `stops` says that workers cannot count while it stands.
    """

    topic: str
    key: str
    value: str
    sentence: str
    stops: bool = False


def faults_of(settings: Settings, topics: Sequence[Topic]) -> list[Fault]:
    """Return what is wrong with the configuration of topics, those that stop workers first."""
    found = [fault for topic in topics if topic.partitions for fault in _faults(settings, topic, topics)]
    return sorted(found, key=lambda fault: not fault.stops)


def _faults(settings: Settings, topic: Topic, topics: Sequence[Topic]) -> Iterator[Fault]:
    events = [other for other in topics if other.name in input_topics(settings)]
    if topic.name == changelog_topic(settings):
        yield from _state_faults(topic)
    elif topic.name == forwarded_topic(settings):
        yield from _forwarded_faults(topic, events)
    elif topic.name == dead_letters_topic(settings):
        yield from _letter_faults(topic, events)
    elif topic.name == reinjected_topic(settings):
        yield from _reinjected_faults(topic)
    else:
        yield from _event_faults(topic)
    written = topic not in events and topic.name in worker_topics(settings)
    yield from _replica_faults(topic, written=written)


def _state_faults(topic: Topic) -> Iterator[Fault]:
    name = topic.name
    if topic.compacted:
        said = (
            f"The topic {name} is compacted ({CLEANUP}={topic.read(CLEANUP, '')}): state is not safe in it."
        )
        yield Fault(name, CLEANUP, "delete", said, stops=True)
    for key in (RETENTION, RETENTION_BYTES):
        if (found := topic.read(key, "-1")) != "-1":
            said = f"The topic {name} holds the state and does not keep it ({key}={found})."
            yield Fault(name, key, "-1", said, stops=True)
    yield from _too_small(topic, NEEDED_BYTES, LARGEST_RECORD, "a part of the state", stops=True)


def _forwarded_faults(topic: Topic, events: Sequence[Topic]) -> Iterator[Fault]:
    name = topic.name
    if topic.compacted:
        said = f"The topic {name} is compacted: it takes no record without a key, as forwarded events are."
        yield Fault(name, CLEANUP, "delete", said, stops=True)
    yield from _too_small(topic, NEEDED_BYTES, LARGEST_DEAD_LETTER, "a bundle of events", stops=True)
    longest = max((_endless(other.read(RETENTION, "0")) for other in events), default=0)
    if _endless(own := topic.read(RETENTION, "-1")) < longest:
        value = "-1" if longest == _endless("-1") else str(int(longest))
        said = f"The topic {name} keeps events for less long than the topics of events ({RETENTION}={own})."
        yield Fault(name, RETENTION, value, said)
    if (own := topic.read(RETENTION_BYTES, "-1")) != "-1":
        said = (
            f"The topic {name} deletes forwarded events by their size, read or not ({RETENTION_BYTES}={own})."
        )
        yield Fault(name, RETENTION_BYTES, "-1", said)


def _letter_faults(topic: Topic, events: Sequence[Topic]) -> Iterator[Fault]:
    if topic.compacted:
        said = f"The topic {topic.name} is compacted: it takes no refused event without a key."
        yield Fault(topic.name, CLEANUP, "delete", said)
    largest = max((int(other.read(MAX_BYTES, "0")) for other in events), default=0)
    if int(topic.read(MAX_BYTES, str(LARGEST_DEAD_LETTER))) <= largest:
        needed = min(2 * largest, LARGEST_DEAD_LETTER)
        yield from _too_small(topic, needed, LARGEST_DEAD_LETTER, "the largest event refused")


def _reinjected_faults(topic: Topic) -> Iterator[Fault]:
    if (found := topic.read(CLEANUP, COMPACT)) != COMPACT:
        said = (
            f"The topic {topic.name} does not keep which dead letters were sent again ({CLEANUP}={found}): "
            "they could be sent twice."
        )
        yield Fault(topic.name, CLEANUP, COMPACT, said)


def _event_faults(topic: Topic) -> Iterator[Fault]:
    name = topic.name
    if topic.keeps_arrival is False:
        said = f"The topic {name} must have {TIMESTAMPS}={ARRIVAL}, as arrival is the record's time."
        yield Fault(name, TIMESTAMPS, ARRIVAL, said)
    if topic.compacted:
        said = (
            f"The topic {name} is compacted ({CLEANUP}={topic.read(CLEANUP, '')}): of the events with a key "
            "all but the last are deleted, counted or not."
        )
        yield Fault(name, CLEANUP, "delete", said)


def _replica_faults(topic: Topic, *, written: bool) -> Iterator[Fault]:
    needed = int(topic.read(MIN_IN_SYNC, "1"))
    if needed > topic.replicas:
        said = (
            f"The topic {topic.name} takes no record: it has {topic.replicas} replicas and "
            f"{MIN_IN_SYNC}={needed}."
        )
        yield Fault(topic.name, MIN_IN_SYNC, str(max(1, topic.replicas - 1)), said, stops=written)


def _too_small(topic: Topic, needed: int, value: int, what: str, *, stops: bool = False) -> Iterator[Fault]:
    found = int(topic.read(MAX_BYTES, str(value)))
    if found < needed:
        said = (
            f"The topic {topic.name} takes records of {found} bytes ({MAX_BYTES}), and {what} takes up to "
            f"{needed}."
        )
        yield Fault(topic.name, MAX_BYTES, str(value), said, stops=stops)


def _endless(retention: str) -> float:
    return float("inf") if retention == "-1" else int(retention)

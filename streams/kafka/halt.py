"""What stops a worker until somebody mends it: it leaves its group, says what is wrong, and looks again.

Starting again would only meet the same: so the worker does not end itself (that is for what a start mends),
and whoever is on call finds the reason where it stands.
"""

from collections.abc import Iterable

from connections.topics import changelog_topic, state_topics
from models.settings import Settings
from streams.kafka.unread import Damaged


class Halt(Exception):
    """A topic, or what is stored on it, must be mended; the message says what, and how.

    `partitions` are those whose stored state must be usable before it is worth going on.
    """

    def __init__(self, message: str, partitions: Iterable[int] = ()) -> None:
        super().__init__(message)
        self.partitions = frozenset(partitions)


class UnusableState(Halt):
    """What is stored cannot be replayed."""


class TopicRecreated(Halt):
    """A topic was deleted, and perhaps created again, under the worker."""


class RecordRefused(Halt):
    """The broker, or the producer, does not take a record."""


def unusable(settings: Settings, problem: object, partition: int) -> UnusableState:
    """Say what is wrong with the stored state of a partition, and how to go on."""
    topics = " and ".join(state_topics(settings))
    remedy = (
        f"Use another KPIS_GROUP, or delete {topics} to count anew from the topics; or "
        "leave it, and count anew with `kpis worker --rebuild` (docs/rebuild.md)"
    )
    return UnusableState(
        f"The stored state cannot be used: {problem} (partition {partition}). {remedy}.", {partition}
    )


def damaged(settings: Settings, damage: Damaged) -> Halt:
    """Say that a topic cannot be read at an offset, and how to go on."""
    topic, partition = damage.tp
    if topic == changelog_topic(settings):
        return unusable(settings, f"its log is damaged at offset {damage.offset}", partition)
    before = f'{{"topic": "{topic}", "partition": {partition}, "offset": {damage.end}}}'
    return Halt(
        f"{topic}/{partition} is damaged at offset {damage.offset}: its records have a wrong checksum. Let a "
        "replica lead that is whole; or give up what is damaged, which is counted as lost: "
        f"kafka-delete-records.sh --bootstrap-server {settings.kafka} --offset-json-file with "
        f'{{"version": 1, "partitions": [{before}]}} in it.'
    )

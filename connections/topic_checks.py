"""Whether the topics are as workers need them: all there, with equal partition counts, and fit."""

from collections.abc import Mapping, Sequence

from connections.topic_faults import Fault, Topic, faults_of
from connections.topics import dead_letters_topic, input_topics, worker_topics
from models.settings import Settings

_EQUAL_INPUTS = (
    "Add partitions to the smaller input topics, or delete empty ones and create them with "
    "`kpis topics apply` (KPIS_PARTITIONS)."
)
_REBUILD = (
    "The state was counted with another number of partitions than the input topics have now: count it again "
    "with `kpis worker --rebuild` (docs/rebuild.md; if that says this, run `kpis topics prune` first)."
)


class TopicsMismatch(Exception):
    """Topics differ in partition counts or have a wrong configuration; the message says which."""


class TopicsMissing(Exception):
    """A topic does not exist."""


class TopicsUnfit(TopicsMismatch):
    """Topics are configured so that workers would lose or fail to write something; `faults` says what."""

    def __init__(self, settings: Settings, faults: Sequence[Fault]) -> None:
        self.faults = [f"{fault.sentence} {remedy(settings, [fault])}" for fault in faults]
        said = " ".join(fault.sentence for fault in faults)
        super().__init__(f"{said} {remedy(settings, faults)}")


def require_right(settings: Settings, topics: list[Topic]) -> int:
    """Return the partition count that the topics share, if workers find theirs and all are as they must be.

    Raises:
        TopicsMissing: a topic does not exist.
        TopicsMismatch: partition counts differ.
        TopicsUnfit: a topic is not configured as it must be.

    """
    return _require(settings, topics, faults_of(settings, topics))


def require_usable(settings: Settings, topics: list[Topic]) -> int:
    """Return the partition count that the topics share, if a worker can count with them.

    Raises:
        TopicsMissing: a topic does not exist.
        TopicsMismatch: partition counts differ.
        TopicsUnfit: state would be lost, or could not be written.

    """
    return _require(settings, topics, [fault for fault in faults_of(settings, topics) if fault.stops])


def remedy(settings: Settings, faults: Sequence[Fault]) -> str:
    """Say how faults are mended."""
    by_topic: dict[str, list[str]] = {}
    for fault in faults:
        by_topic.setdefault(fault.topic, []).append(f"{fault.key}={fault.value}")
    lines = (
        f"kafka-configs.sh --bootstrap-server {settings.kafka} --alter --entity-type topics "
        f"--entity-name {topic} --add-config {','.join(changes)}"
        for topic, changes in by_topic.items()
    )
    return f"Mend it with `kpis topics apply`, or: {'; '.join(lines)}"


def _require(settings: Settings, topics: list[Topic], faults: Sequence[Fault]) -> int:
    count = _require_equal(settings, {topic.name: topic.partitions for topic in topics if topic.partitions})
    if faults:
        raise TopicsUnfit(settings, faults)
    return count


def common_count(settings: Settings, counts: Mapping[str, int]) -> int | None:
    """Return the partition count of the topics that exist, if any do; that of the dead letters may differ.

    Raises:
        TopicsMismatch: the counts differ.

    """
    found = {
        name: counts[name]
        for name in worker_topics(settings)
        if name in counts and name != dead_letters_topic(settings)
    }
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name} has {count}" for name, count in sorted(found.items()))
        inputs = {found[name] for name in input_topics(settings) if name in found}
        remedy = _REBUILD if len(inputs) == 1 else _EQUAL_INPUTS
        raise TopicsMismatch(f"The topics must have equal partition counts: {listed}. {remedy}")
    return next(iter(found.values()), None)


def _require_equal(settings: Settings, counts: Mapping[str, int]) -> int:
    missing = [name for name in worker_topics(settings) if name not in counts]
    if missing:
        raise TopicsMissing(
            f"No topic {', '.join(missing)} at {settings.kafka}: run `kpis topics apply` "
            "(or it lacks the right Describe: `kpis topics list` names the rights)."
        )
    count = common_count(settings, counts)
    assert count is not None
    return count

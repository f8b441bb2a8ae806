"""Whether the topics are as workers need them: partition counts, time of arrival, nothing compacted away."""

from collections.abc import Mapping
from dataclasses import dataclass

from connections.topics import all_topics, changelog_topic, dead_letters_topic, input_topics
from models.settings import Settings

TIMESTAMPS = "message.timestamp.type"
ARRIVAL = "LogAppendTime"
RETENTION = "retention.ms"
CLEANUP = "cleanup.policy"
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
        return bool(self.config) and "compact" in (self.config or {}).get(CLEANUP, "")

    @property
    def keeps_arrival(self) -> bool | None:
        """Whether records get the time of their arrival; None where that is not known."""
        return self.config[TIMESTAMPS] == ARRIVAL if self.config else None


def require_right(settings: Settings, topics: list[Topic]) -> int:
    """Return the partition count that the topics share, if all of them exist and are as they must be.

    Raises:
        TopicsMissing: a topic does not exist.
        TopicsMismatch: partition counts differ, an input topic does not keep the time of arrival, or the
            state's topic does not keep all records.

    """
    count = require_usable(settings, topics)
    inputs = input_topics(settings)
    wrong = [topic.name for topic in topics if topic.name in inputs and topic.keeps_arrival is False]
    if wrong:
        raise TopicsMismatch(
            f"The topics must have {TIMESTAMPS}={ARRIVAL}, as arrival is the record's time: set it on "
            f"{', '.join(wrong)} with kafka-configs.sh."
        )
    return count


def require_usable(settings: Settings, topics: list[Topic]) -> int:
    """Return the partition count that the topics share, if a worker can count with them.

    Raises:
        TopicsMissing: a topic does not exist.
        TopicsMismatch: partition counts differ, or the state's topic does not keep all records.

    """
    count = _require_equal(settings, {topic.name: topic.partitions for topic in topics if topic.partitions})
    state = changelog_topic(settings)
    if any(topic.compacted for topic in topics if topic.name == state):
        raise TopicsMismatch(
            f"The topic {state} is compacted: an earlier release created it, or it was changed, and state is "
            f"not safe in it. Delete it to count again from the topics, or use another KPIS_GROUP."
        )
    return count


def common_count(settings: Settings, counts: Mapping[str, int]) -> int | None:
    """Return the partition count of the topics that exist, if any do; that of the dead letters may differ.

    Raises:
        TopicsMismatch: the counts differ.

    """
    found = {
        name: counts[name]
        for name in all_topics(settings)
        if name in counts and name != dead_letters_topic(settings)
    }
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name} has {count}" for name, count in sorted(found.items()))
        inputs = {found[name] for name in input_topics(settings) if name in found}
        remedy = _REBUILD if len(inputs) == 1 else _EQUAL_INPUTS
        raise TopicsMismatch(f"The topics must have equal partition counts: {listed}. {remedy}")
    return next(iter(found.values()), None)


def _require_equal(settings: Settings, counts: Mapping[str, int]) -> int:
    missing = [name for name in all_topics(settings) if name not in counts]
    if missing:
        raise TopicsMissing(
            f"No topic {', '.join(missing)} at {settings.kafka}: run `kpis topics apply` "
            "(or it lacks the right Describe: `kpis topics list` names the rights)."
        )
    count = common_count(settings, counts)
    assert count is not None
    return count

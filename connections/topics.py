"""The topics: create what is missing, and refuse partition counts that differ."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from connections.admin import open_admin
from connections.kafka import KafkaUnavailable
from models.settings import Settings
from models.times import parse_duration
from models.topics import DEAD_LETTERS, FORWARDED, INPUT_TOPICS

LARGEST_DEAD_LETTER = 16 * 1024 * 1024
_VISIBLE_WITHIN_SECONDS = 30.0
_TIMESTAMPS = "message.timestamp.type"
_ARRIVAL = "LogAppendTime"
_RETENTION = "retention.ms"
_CLEANUP = "cleanup.policy"
# A log, of which the workers themselves delete what a snapshot has replaced: never compacted, for its records
# count by their order, and a later one with the same key may be of a worker that has lost the partition.
_CHANGELOG_CONFIG = {_CLEANUP: "delete", _RETENTION: "-1", "retention.bytes": "-1"}
_EQUAL_INPUTS = (
    "Add partitions to the smaller input topics, or delete empty ones and create them with "
    "`kpis topics apply` (KPIS_PARTITIONS)."
)
_COUNT_ANEW = (
    "The state was counted with another number than the input topics have now: count it anew with "
    "`kpis worker --rebuild` (docs/rebuild.md; where that says this, run `kpis topics prune` before)."
)
_SHOWN = (_TIMESTAMPS, _RETENTION, _CLEANUP)


class TopicsMismatch(Exception):
    """Topics differ in partition counts, or keep another time than arrival; the message says which."""


class TopicsMissing(Exception):
    """A topic is not there."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the broker has it; `partitions` is 0 where it is not there.

    `config` has only what could be read (it takes the right DescribeConfigs).
    """

    name: str
    partitions: int = 0
    replicas: int = 0
    config: Mapping[str, str] | None = None

    @property
    def retention_ms(self) -> int | None:
        """Tell how long records stay: None where that is not known, -1 for ever."""
        if not self.config:
            return None
        return -1 if self.compacted else int(self.config[_RETENTION])

    @property
    def compacted(self) -> bool:
        """Tell whether only the last record of each key is kept; no where that is not known."""
        return bool(self.config) and "compact" in (self.config or {}).get(_CLEANUP, "")

    @property
    def keeps_arrival(self) -> bool | None:
        """Tell whether records get the time of their arrival; None where that is not known."""
        return self.config[_TIMESTAMPS] == _ARRIVAL if self.config else None


def input_topics(settings: Settings) -> list[str]:
    """Name the four topics that events come on."""
    return [settings.topic_prefix + topic for topic in INPUT_TOPICS]


def dead_letters_topic(settings: Settings) -> str:
    """Name the topic that refused events go to."""
    return settings.topic_prefix + DEAD_LETTERS


def changelog_topic(settings: Settings) -> str:
    """Name the topic that holds the workers' state."""
    return f"{settings.group}-tallies-changelog"


def forwarded_topic(settings: Settings) -> str:
    """Name the topic by which workers send events on to the partition of their campaign."""
    return f"{settings.group}-{FORWARDED}"


def state_topics(settings: Settings) -> list[str]:
    """Name the topics that are of one generation of state alone."""
    return [forwarded_topic(settings), changelog_topic(settings)]


def source_names(settings: Settings) -> dict[str, str]:
    """Name what a worker reads events from: the topics' full names, each with the one that metrics show."""
    inputs = {settings.topic_prefix + topic: topic for topic in INPUT_TOPICS}
    return {**inputs, forwarded_topic(settings): FORWARDED}


def all_topics(settings: Settings) -> list[str]:
    """Name every topic that a deployment needs."""
    return [*input_topics(settings), dead_letters_topic(settings), *state_topics(settings)]


async def create_missing_topics(settings: Settings) -> list[str]:
    """Create the topics that are not there, wait until they can be used; give the names of those created.

    Topics that exist decide the number of partitions of those that do not. Several may do this at once.

    Raises:
        TopicsMismatch: topics that exist differ in their partition counts.
        KafkaUnavailable: the broker does not answer, or will not create them.

    """
    async with open_admin(settings) as admin:
        counts = {name: len(found) for name, found in (await _partitions(admin, settings)).items()}
        partitions = _common_count(settings, counts) or settings.partitions
        replication = settings.replication or min(3, len((await admin.describe_cluster())["brokers"]))
        missing = [name for name in all_topics(settings) if name not in counts]
        configs = _configs(settings, replication)
        created = await _create(
            admin,
            settings,
            [NewTopic(name, partitions, replication, topic_configs=configs[name]) for name in missing],
        )
        await _wait_for(admin, settings, missing)
        return created


async def require_equal_partitions(settings: Settings) -> int:
    """Give the partition count that the topics share, where a worker can count with them.

    Raises:
        TopicsMissing: one of them is not there.
        TopicsMismatch: they differ, or the state's topic does not keep all records.
        KafkaUnavailable: the broker does not answer.

    """
    return require_usable(settings, await describe_topics(settings))


async def describe_topics(settings: Settings) -> list[Topic]:
    """Describe all topics, there or not.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    async with open_admin(settings) as admin:
        found = await _partitions(admin, settings)
        configs = await _read_configs(admin, list(found))
    return [
        Topic(name, len(found[name]), len(found[name][0]["replicas"]), configs.get(name))
        if name in found
        else Topic(name)
        for name in all_topics(settings)
    ]


def require_right(settings: Settings, topics: list[Topic]) -> int:
    """Give the partition count that described topics share, where they are all there and as they must be.

    Raises:
        TopicsMissing: one is not there.
        TopicsMismatch: partition counts differ, an input topic does not keep the time of arrival, or the
            state's does not keep all records.

    """
    count = require_usable(settings, topics)
    inputs = input_topics(settings)
    wrong = [topic.name for topic in topics if topic.name in inputs and topic.keeps_arrival is False]
    if wrong:
        raise TopicsMismatch(
            f"The topics must have {_TIMESTAMPS}={_ARRIVAL}, for arrival is the record's time: set it on "
            f"{', '.join(wrong)} with kafka-configs.sh."
        )
    return count


def require_usable(settings: Settings, topics: list[Topic]) -> int:
    """Give the partition count that described topics share, where a worker can count with them.

    Raises:
        TopicsMissing: one is not there.
        TopicsMismatch: partition counts differ, or the state's topic does not keep all records.

    """
    count = _require_equal(settings, {topic.name: topic.partitions for topic in topics if topic.partitions})
    state = changelog_topic(settings)
    if any(topic.compacted for topic in topics if topic.name == state):
        raise TopicsMismatch(
            f"The topic {state} is compacted: it is of an earlier release, or was changed, and state is not "
            f"safe in it. Delete it to count anew from the topics, or use another KPIS_GROUP."
        )
    return count


def _require_equal(settings: Settings, counts: Mapping[str, int]) -> int:
    missing = [name for name in all_topics(settings) if name not in counts]
    if missing:
        raise TopicsMissing(
            f"No topic {', '.join(missing)} at {settings.kafka}: run `kpis topics apply` "
            "(or it lacks the right Describe: `kpis topics list` names the rights)."
        )
    count = _common_count(settings, counts)
    assert count is not None
    return count


def _common_count(settings: Settings, counts: Mapping[str, int]) -> int | None:
    """Give the count of those that are there, if any; the dead letters' does not matter."""
    found = {
        name: counts[name]
        for name in all_topics(settings)
        if name in counts and name != dead_letters_topic(settings)
    }
    if len(set(found.values())) > 1:
        listed = ", ".join(f"{name} has {count}" for name, count in sorted(found.items()))
        inputs = {found[name] for name in input_topics(settings) if name in found}
        remedy = _COUNT_ANEW if len(inputs) == 1 else _EQUAL_INPUTS
        raise TopicsMismatch(f"The topics must have equal partition counts: {listed}. {remedy}")
    return next(iter(found.values()), None)


def _configs(settings: Settings, replication: int) -> dict[str, dict[str, str]]:
    retention = str(parse_duration(settings.retention) // 1000)
    # With three replicas one may be down and what is acknowledged still survives the loss of another.
    safe = {"min.insync.replicas": "2"} if replication >= 3 else {}
    events = {_TIMESTAMPS: _ARRIVAL, _RETENTION: retention} | safe
    # A refused record may be as large as its topic let through, and its headers come on top.
    letters = {_RETENTION: retention, "max.message.bytes": str(LARGEST_DEAD_LETTER)} | safe
    # One event may have headers that its topic let through compressed alone.
    forwarded = {_RETENTION: retention, "max.message.bytes": str(LARGEST_DEAD_LETTER)} | safe
    return {
        **dict.fromkeys(input_topics(settings), events),
        dead_letters_topic(settings): letters,
        forwarded_topic(settings): forwarded,
        changelog_topic(settings): _CHANGELOG_CONFIG | safe,
    }


async def _partitions(admin: AIOKafkaAdminClient, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    # All are asked for, never ours by name: a broker may create a topic that is asked for by name.
    found = await admin.describe_topics()
    ours = set(all_topics(settings))
    return {
        topic["topic"]: topic["partitions"]
        for topic in found
        if topic["topic"] in ours and not topic["error_code"] and topic["partitions"]
    }


async def _read_configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    wanted = dict.fromkeys(_SHOWN, "")
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, wanted) for name in names]
    answers = await admin.describe_configs(resources)
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for answer in answers
        for code, _, _, name, entries in answer.resources
        if not code
    }


async def _create(admin: AIOKafkaAdminClient, settings: Settings, topics: list[NewTopic]) -> list[str]:
    """Create topics; give the names of those that nobody else has created meanwhile."""
    if not topics:
        return []
    answer = await admin.create_topics(topics)
    created = []
    for name, code, *detail in answer.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            why = ": ".join([for_code(code).__name__, *filter(None, detail)]).removesuffix(".")
            raise KafkaUnavailable(f"Kafka at {settings.kafka} did not create the topic {name} ({why}).")
        if not code:
            created.append(name)
    return created


async def _wait_for(admin: AIOKafkaAdminClient, settings: Settings, names: list[str]) -> None:
    """Wait until every partition of these topics is known to have a leader."""
    async with asyncio.timeout(_VISIBLE_WITHIN_SECONDS):
        while names:
            found = await _partitions(admin, settings)
            if all(name in found and all(map(_is_led, found[name])) for name in names):
                return
            await asyncio.sleep(0.2)


def _is_led(partition: dict[str, Any]) -> bool:
    return not partition["error_code"] and partition["leader"] >= 0

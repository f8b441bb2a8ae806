"""The topics: create what is missing, and refuse partition counts that differ."""

import asyncio
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from connections.kafka import KafkaUnavailable, client_options, require_kafka
from models.settings import Settings
from models.times import parse_duration
from models.topics import DEAD_LETTERS, INPUT_TOPICS

LARGEST_DEAD_LETTER = 16 * 1024 * 1024
_VISIBLE_WITHIN_SECONDS = 30.0


class TopicsMismatch(Exception):
    """The input topics have different partition counts."""


class TopicsMissing(Exception):
    """A topic is not there."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be and, in `partitions`, as the broker has it: 0 where it is not there."""

    name: str
    purpose: str
    partitions: int
    worker_rights: str
    producer_rights: str


def changelog_topic(settings: Settings) -> str:
    """Name the topic that holds the workers' state."""
    return f"{settings.group}-tallies-changelog"


def input_topics(settings: Settings) -> list[str]:
    """Name the four topics that events come on."""
    return [settings.topic_prefix + topic for topic in INPUT_TOPICS]


async def create_missing_topics(settings: Settings) -> list[str]:
    """Create the topics that are not there; give their names. Two workers may do so at once.

    Topics that exist decide the number of partitions of those that do not.

    Raises:
        TopicsMismatch: input topics that exist differ in their partition counts.
        KafkaUnavailable: the broker does not answer, or will not create them.

    """
    async with _Admin(settings) as admin:
        counts = await admin.partition_counts(_all_topics(settings))
        partitions = _common_count(settings, counts) or settings.partitions
        replication = settings.replication or min(3, await admin.brokers())
        missing = [
            NewTopic(name, partitions, replication, topic_configs=config)
            for name, config in _configs(settings).items()
            if name not in counts
        ]
        await admin.create(missing)
        await admin.wait_for([topic.name for topic in missing])
        return [topic.name for topic in missing]


async def require_equal_partitions(settings: Settings) -> int:
    """Give the partition count that the input topics and the state's topic share.

    Raises:
        TopicsMissing: one of them is not there.
        TopicsMismatch: they differ.

    """
    wanted = [*input_topics(settings), changelog_topic(settings)]
    async with _Admin(settings) as admin:
        counts = await admin.partition_counts([*wanted, settings.topic_prefix + DEAD_LETTERS])
    missing = [name for name in [*wanted, settings.topic_prefix + DEAD_LETTERS] if name not in counts]
    if missing:
        raise TopicsMissing(f"No topic {', '.join(missing)} at {settings.kafka}: run `kpis topics apply`.")
    count = _common_count(settings, counts)
    if count is None or counts[changelog_topic(settings)] != count:
        raise TopicsMismatch(_mismatch({name: counts[name] for name in wanted}))
    return count


async def describe_topics(settings: Settings) -> list[Topic]:
    """List all topics, with what each is for and which rights the broker's ACLs must give."""
    async with _Admin(settings) as admin:
        counts = await admin.partition_counts(_all_topics(settings))
    events = [
        Topic(name, "events", counts.get(name, 0), "Read, Describe", "Write, Describe")
        for name in input_topics(settings)
    ]
    letters, changelog = settings.topic_prefix + DEAD_LETTERS, changelog_topic(settings)
    return [
        *events,
        Topic(letters, "refused events", counts.get(letters, 0), "Write, Describe", "none"),
        Topic(changelog, "state", counts.get(changelog, 0), "Read, Write, Describe", "none"),
    ]


def _common_count(settings: Settings, counts: dict[str, int]) -> int | None:
    found = {name: counts[name] for name in input_topics(settings) if name in counts}
    if len(set(found.values())) > 1:
        raise TopicsMismatch(_mismatch(found))
    return next(iter(found.values()), None)


def _mismatch(counts: dict[str, int]) -> str:
    listed = ", ".join(f"{name} has {count}" for name, count in sorted(counts.items()))
    return (
        f"The topics must have equal partition counts: {listed}. Add partitions to the smaller ones, "
        "or delete empty ones and create them with `kpis topics apply` (KPIS_PARTITIONS)."
    )


def _all_topics(settings: Settings) -> list[str]:
    return list(_configs(settings))


def _configs(settings: Settings) -> dict[str, dict[str, str]]:
    retention = str(parse_duration(settings.retention) // 1000)
    events = {"message.timestamp.type": "LogAppendTime", "retention.ms": retention}
    # A refused record may be as large as its topic let through, and its headers come on top.
    letters = {"retention.ms": retention, "max.message.bytes": str(LARGEST_DEAD_LETTER)}
    return {
        **dict.fromkeys(input_topics(settings), events),
        settings.topic_prefix + DEAD_LETTERS: letters,
        changelog_topic(settings): {"cleanup.policy": "compact"},
    }


class _Admin:
    """An admin client for the length of a `with`; its errors name the broker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = AIOKafkaAdminClient(**client_options(settings), request_timeout_ms=15_000)

    async def __aenter__(self) -> "_Admin":
        await require_kafka(self._settings)
        await self._client.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

    async def brokers(self) -> int:
        return len((await self._client.describe_cluster())["brokers"])

    async def partition_counts(self, names: list[str]) -> dict[str, int]:
        # All topics, not these by name: a broker with auto.create.topics.enable would create them.
        found = await self._client.describe_topics()
        return {
            topic["topic"]: len(topic["partitions"])
            for topic in found
            if topic["topic"] in names and topic["error_code"] == 0
        }

    async def create(self, topics: list[NewTopic]) -> None:
        if not topics:
            return
        answer = await self._client.create_topics(topics)
        for name, code, *detail in answer.topic_errors:
            if code and for_code(code) is not TopicAlreadyExistsError:
                raise KafkaUnavailable(
                    f"Kafka at {self._settings.kafka} did not create the topic {name} "
                    f"({for_code(code).__name__}{': ' + str(detail[0]) if detail and detail[0] else ''})."
                )

    async def wait_for(self, names: list[str]) -> None:
        async with asyncio.timeout(_VISIBLE_WITHIN_SECONDS):
            while names and len(await self.partition_counts(names)) < len(names):
                await asyncio.sleep(0.2)

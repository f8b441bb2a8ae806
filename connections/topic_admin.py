"""Describe the topics as the broker has them, and create those that are missing."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from connections.admin import open_admin
from connections.kafka import KafkaUnavailable
from connections.kafka_requests import alter_configs
from connections.topic_checks import common_count
from connections.topic_faults import (
    ARRIVAL,
    CLEANUP,
    COMPACT,
    LARGEST_DEAD_LETTER,
    LARGEST_RECORD,
    MAX_BYTES,
    READ_CONFIGS,
    RETENTION,
    RETENTION_BYTES,
    TIMESTAMPS,
    Fault,
    Topic,
)
from connections.topics import (
    all_topics,
    changelog_topic,
    dead_letters_topic,
    forwarded_topic,
    input_topics,
    reinjected_topic,
)
from models.settings import Settings
from models.times import parse_duration

_VISIBLE_WITHIN_SECONDS = 30.0
# A log from which the workers themselves delete what a snapshot has replaced. It is never compacted: its
# records count in their order, and a later one with the same key may come from a worker that has lost the
# partition.
_CHANGELOG_CONFIG = {
    CLEANUP: "delete",
    RETENTION: "-1",
    RETENTION_BYTES: "-1",
    # What a snapshot replaced is deleted, but the disk gets it back by whole segments, of a gigabyte usually.
    "segment.bytes": str(64 * 1024 * 1024),
    # Written out: a broker may allow less than a part of a delta takes.
    MAX_BYTES: str(LARGEST_RECORD),
}


async def create_missing_topics(settings: Settings, needed: Sequence[str] | None = None) -> list[str]:
    """Create the topics that do not exist (of those needed, by default all); return their names.

    They can be used then, and have the partition count of those that exist; one suffices where few records
    come. Several callers may do this at once.

    Raises:
        TopicsMismatch: the topics that exist differ in their partition counts.
        KafkaUnavailable: the broker does not answer, or refuses to create them.

    """
    async with open_admin(settings) as admin:
        counts = {name: len(found) for name, found in (await _partitions(admin, settings)).items()}
        partitions = common_count(settings, counts) or settings.partitions
        replication = settings.replication or min(3, len((await admin.describe_cluster())["brokers"]))
        missing = [name for name in needed or all_topics(settings) if name not in counts]
        configs = _configs(settings, replication)
        created = await _create(
            admin,
            settings,
            [
                NewTopic(
                    name,
                    1 if name == reinjected_topic(settings) else partitions,
                    replication,
                    topic_configs=configs[name],
                )
                for name in missing
            ],
        )
        await _wait_for(admin, settings, missing)
        return created


async def describe_topics(settings: Settings) -> list[Topic]:
    """Describe all topics, whether they exist or not.

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


async def mend_topics(settings: Settings, faults: Sequence[Fault]) -> None:
    """Set what mends faults in the topics' configurations, and wait until it is seen; all else stays.

    Raises:
        KafkaUnavailable: the broker does not answer, or refuses (it takes the right AlterConfigs).

    """
    async with open_admin(settings) as admin:
        changes = [(fault.topic, fault.key, fault.value) for fault in faults]
        for name, why in await alter_configs(admin, changes):
            raise KafkaUnavailable(f"Kafka at {settings.kafka} did not change the topic {name} ({why}).")
        async with asyncio.timeout(_VISIBLE_WITHIN_SECONDS):
            while not _are_set(changes, await _read_configs(admin, [name for name, _, _ in changes])):
                await asyncio.sleep(0.2)


def _are_set(changes: Sequence[tuple[str, str, str]], configs: Mapping[str, Mapping[str, str]]) -> bool:
    return all(configs.get(name, {}).get(key) == value for name, key, value in changes)


def _configs(settings: Settings, replication: int) -> dict[str, dict[str, str]]:
    retention = str(parse_duration(settings.retention) // 1000)
    # With three replicas one may be down and what is acknowledged still survives the loss of another.
    safe = {"min.insync.replicas": "2"} if replication >= 3 else {}
    events = {TIMESTAMPS: ARRIVAL, RETENTION: retention} | safe
    # A refused record may be as large as its topic allowed, and its headers come on top.
    letters = {RETENTION: retention, MAX_BYTES: str(LARGEST_DEAD_LETTER)} | safe
    # The headers of a single event may be so large that its topic only took them compressed.
    forwarded = {RETENTION: retention, MAX_BYTES: str(LARGEST_DEAD_LETTER)} | safe
    return {
        **dict.fromkeys(input_topics(settings), events),
        dead_letters_topic(settings): letters,
        forwarded_topic(settings): forwarded,
        changelog_topic(settings): _CHANGELOG_CONFIG | safe,
        reinjected_topic(settings): {CLEANUP: COMPACT} | safe,
    }


async def _partitions(admin: AIOKafkaAdminClient, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    # We ask for all topics, never for ours by name: a broker may create a topic that is asked for by name.
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
    wanted = dict.fromkeys(READ_CONFIGS, "")
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, wanted) for name in set(names)]
    answers = await admin.describe_configs(resources)
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for answer in answers
        for code, _, _, name, entries in answer.resources
        if not code
    }


async def _create(admin: AIOKafkaAdminClient, settings: Settings, topics: list[NewTopic]) -> list[str]:
    """Create topics, and return the names of those that nobody else has created meanwhile."""
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

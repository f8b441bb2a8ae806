"""Generations of the state: each counts the same input topics, and one of them is active: it is shown.

A generation has its own consumer group and state topics, named after it; generation 0 has the deployment's
own names. Redis holds the number of the active one (connections.active_generation).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connections.admin import has_members, open_admin
from connections.kafka import KafkaUnavailable, begin, client_options
from connections.topic_admin import describe_topics
from connections.topics import changelog_topic, input_topics, state_topics
from models.settings import Settings

_NUMBER = re.compile(r"\.g([1-9][0-9]{0,8})-")


class NoSuchGeneration(Exception):
    """The generation asked for cannot be the next one."""


class Choice(NamedTuple):
    """The generation that a worker counts, and the one that it takes to be active."""

    own: int
    active: int


def of_generation(settings: Settings, number: int) -> Settings:
    """Return the settings with a generation's group, and so with its state topics."""
    return settings.model_copy(update={"group": f"{settings.group}.g{number}"}) if number else settings


def generation_of(settings: Settings, topic: str) -> int | None:
    """Return the generation whose state a topic holds; None for any other topic."""
    numbers = [0, *map(int, _NUMBER.findall(topic))]
    return next((n for n in numbers if changelog_topic(of_generation(settings, n)) == topic), None)


def choose(active: int | None, newest: int, wanted: int | None) -> Choice:
    """Choose the generation to count: the active one, or the one to follow it where `wanted` (0: the next).

    `active` is None where Redis does not know. Then the newest generation that has state is the best guess:
    it was active or was about to be, and either way it counts all that the topics hold.

    Raises:
        NoSuchGeneration: `wanted` is not the one after the active generation.

    """
    regular = newest if active is None else active
    before = max(newest - 1, 0) if active is None else active
    if wanted is None or 0 < wanted <= before:
        return Choice(regular, regular)
    if wanted > before + 1:
        raise NoSuchGeneration(f"Generation {before} is active: the next is {before + 1}, not {wanted}.")
    return Choice(before + 1, before)


async def existing_generations(settings: Settings) -> list[int]:
    """List the generations that have state.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    async with open_admin(settings) as admin:
        names = await admin.list_topics()
    found = (generation_of(settings, name) for name in names)
    return sorted(number for number in found if number is not None)


async def used_generations(settings: Settings, numbers: Iterable[int]) -> list[int]:
    """Return those of the given generations that have workers.

    Raises:
        KafkaUnavailable: the broker does not answer, or refuses to say.

    """
    return [number for number in numbers if await has_members(of_generation(settings, number))]


async def delete_generation(settings: Settings, number: int) -> None:
    """Delete the state of a generation.

    Raises:
        KafkaUnavailable: the broker does not answer, or refuses to delete it.

    """
    async with open_admin(settings) as admin:
        answer = await admin.delete_topics(state_topics(of_generation(settings, number)))
    failed = [name for name, code in answer.topic_error_codes if code]
    if failed:
        raise KafkaUnavailable(f"Kafka at {settings.kafka} did not delete {', '.join(failed)}.")


async def count_deleted_records(settings: Settings) -> int:
    """Count the records that retention has deleted from the input topics; 0 where the broker does not say.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    topics = [topic for topic in await describe_topics(settings) if topic.name in input_topics(settings)]
    sources = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
    if not sources:
        return 0  # aiokafka's stop() of a consumer that asked for nothing raises CancelledError.
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        await begin(consumer.start())
        return sum((await consumer.beginning_offsets(sources)).values())
    except KafkaError:
        return 0
    finally:
        await consumer.stop()

"""Generations of state: each counts the same input topics, and one of them is shown.

A generation has a consumer group and state topics of its own, named after it; generation 0 has the
deployment's own names. Which one is shown is in Redis (connections.shown_generation).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from connections.admin import has_members, open_admin
from connections.kafka import KafkaUnavailable, client_options
from connections.topics import changelog_topic, describe_topics, input_topics, state_topics
from models.settings import Settings

_NUMBER = re.compile(r"\.g([1-9][0-9]{0,8})-")


class NoSuchGeneration(Exception):
    """A generation was asked for that cannot be the next one."""


class Choice(NamedTuple):
    """The generation that a worker counts, and the one that it takes for shown."""

    own: int
    shown: int


def of_generation(settings: Settings, number: int) -> Settings:
    """Give the settings whose group, and so the state topics, are a generation's."""
    return settings.model_copy(update={"group": f"{settings.group}.g{number}"}) if number else settings


def generation_of(settings: Settings, topic: str) -> int | None:
    """Tell which generation a topic holds the state of; None where it is none of these."""
    numbers = [0, *map(int, _NUMBER.findall(topic))]
    return next((n for n in numbers if changelog_topic(of_generation(settings, n)) == topic), None)


def choose(shown: int | None, newest: int, wanted: int | None) -> Choice:
    """Choose what to count: what is shown, or where `wanted` says so (0: the next) what is to follow it.

    `shown` is None where Redis does not say it. Then the newest of which there is state is the best guess: it
    is the one that was shown, or one that was to be, and either counts all that the topics hold.

    Raises:
        NoSuchGeneration: there are others between what is shown and what is wanted.

    """
    regular = newest if shown is None else shown
    before = max(newest - 1, 0) if shown is None else shown
    if wanted is None or 0 < wanted <= before:
        return Choice(regular, regular)
    if wanted > before + 1:
        raise NoSuchGeneration(f"Generation {before} is shown: to be rebuilt is {before + 1}, not {wanted}.")
    return Choice(before + 1, before)


async def existing_generations(settings: Settings) -> list[int]:
    """List those of which there is state.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    async with open_admin(settings) as admin:
        names = await admin.list_topics()
    found = (generation_of(settings, name) for name in names)
    return sorted(number for number in found if number is not None)


async def used_generations(settings: Settings, numbers: Iterable[int]) -> list[int]:
    """Give those of some that have workers.

    Raises:
        KafkaUnavailable: the broker does not answer, or does not let us know.

    """
    return [number for number in numbers if await has_members(of_generation(settings, number))]


async def delete_generation(settings: Settings, number: int) -> None:
    """Delete the state of one.

    Raises:
        KafkaUnavailable: the broker does not answer, or does not delete it.

    """
    async with open_admin(settings) as admin:
        answer = await admin.delete_topics(state_topics(of_generation(settings, number)))
    failed = [name for name, code in answer.topic_error_codes if code]
    if failed:
        raise KafkaUnavailable(f"Kafka at {settings.kafka} did not delete {', '.join(failed)}.")


async def count_deleted_records(settings: Settings) -> int:
    """Count the records that the input topics hold no more; 0 where the broker does not say.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    topics = [topic for topic in await describe_topics(settings) if topic.name in input_topics(settings)]
    places = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
    consumer = AIOKafkaConsumer(**client_options(settings))
    try:
        await consumer.start()
        return sum((await consumer.beginning_offsets(places)).values()) if places else 0
    except KafkaError:
        return 0
    finally:
        await consumer.stop()

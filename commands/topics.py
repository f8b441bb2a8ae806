"""`kpis topics`: create and list the topics, and delete state that is not active."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from commands.configuration import current_settings
from commands.failure import Failure
from commands.generation import active_generation, current_settings_of
from commands.listing import print_list
from commands.printable import say
from connections.generations import (
    delete_generation,
    existing_generations,
    generation_of,
    of_generation,
    used_generations,
)
from connections.kafka import KafkaUnavailable
from connections.redis import RedisUnavailable
from connections.topic_admin import create_missing_topics, describe_topics, mend_topics
from connections.topic_checks import TopicsMismatch
from connections.topic_faults import Fault, Topic, faults_of
from connections.topics import (
    changelog_topic,
    dead_letters_topic,
    forwarded_topic,
    reinjected_topic,
    state_topics,
)
from models.settings import Settings
from models.times import DAY, HOUR

T = TypeVar("T")

_OTHERS = (
    "State that is not active belongs to former generations, or to one that is being rebuilt. If no worker "
    "uses it, `kpis topics prune` deletes it."
)
_HEAD = ("topic", "role", "partitions", "replicas", "retention", "workers", "producers")


@click.group()
def command() -> None:
    """Create missing topics, list topics with the rights that they need, delete old state."""


@command.command("apply")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def apply(dry_run: bool) -> None:
    """Create the topics that do not exist, and mend settings of the others that are wrong.

    No other setting is touched, and no partition is added. Setting something takes the right AlterConfigs.
    """
    lines = _ask(_apply(current_settings(), dry_run=dry_run))
    for line in lines:
        say(line)
    if not lines:
        click.echo("all topics are there and right")


@command.command("list")
def list_() -> None:
    """List the topics, each with the rights that the broker's ACLs must grant."""
    settings = current_settings()
    own, topics, others = _ask(_describe(settings))
    rows = [_row(topic, own) for topic in topics]
    print_list(_HEAD, rows + [_other_row(topic, settings) for topic in others])
    click.echo()
    for line in _rights_in_words(settings):
        say(line)
    if others:
        click.echo(_OTHERS)


@command.command("prune")
def prune() -> None:
    """Delete the state of generations that are not active and have no workers (docs/rebuild.md).

    Such a generation can only be counted again by a rebuild. The active state and the events stay.
    """
    for line in _ask(_prune(current_settings())):
        say(line)


async def _apply(settings: Settings, *, dry_run: bool) -> list[str]:
    own = await current_settings_of(settings)
    if dry_run:
        topics = await describe_topics(own)
        absent = [f"would create {topic.name}" for topic in topics if not topic.partitions]
        return absent + [f"would {_change(fault)}" for fault in faults_of(own, topics)]
    created = [f"created {name}" for name in await create_missing_topics(own)]
    faults = faults_of(own, await describe_topics(own))
    if faults:
        await mend_topics(own, faults)
    return created + [_change(fault) for fault in faults]


def _change(fault: Fault) -> str:
    return f"set {fault.key}={fault.value} on {fault.topic}: {fault.sentence}"


async def _describe(settings: Settings) -> tuple[Settings, list[Topic], list[Topic]]:
    """Describe the topics, and the state topics of generations that are not active."""
    own = await current_settings_of(settings)
    topics = await describe_topics(own)
    others = []
    for number in await existing_generations(settings):
        other = of_generation(settings, number)
        if other != own:
            others += [topic for topic in await describe_topics(other) if topic.name in state_topics(other)]
    return own, topics, others


async def _prune(settings: Settings) -> list[str]:
    active = await active_generation(settings)
    if active is None:
        raise Failure("Redis does not say which generation is active: start a worker (`kpis worker`) first.")
    numbers = [number for number in await existing_generations(settings) if number != active]
    used = await used_generations(settings, numbers)
    for number in numbers:
        if number not in used:
            await delete_generation(settings, number)
    said = [f"generation {n}: {'has workers, left alone' if n in used else 'deleted'}" for n in numbers]
    return said or [f"the only state is that of generation {active}, which is active"]


def _ask(work: Coroutine[Any, Any, T]) -> T:
    # aiokafka's log would repeat what the error says.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        return asyncio.run(work)
    except (KafkaUnavailable, RedisUnavailable, TopicsMismatch) as error:
        raise Failure(str(error)) from None


def _row(topic: Topic, settings: Settings) -> tuple[str, ...]:
    there = topic.partitions > 0
    return (
        topic.name,
        _role(topic, settings),
        str(topic.partitions) if there else "not there",
        str(topic.replicas) if there else "",
        _retention(topic.retention_ms) if there else "",
        *_rights(topic, settings),
    )


def _other_row(topic: Topic, settings: Settings) -> tuple[str, ...]:
    role = f"not active: generation {generation_of(settings, topic.name) or 0}"
    return (topic.name, role, *_row(topic, settings)[2:5], "", "")


def _role(topic: Topic, settings: Settings) -> str:
    roles = {
        dead_letters_topic(settings): "refused",
        forwarded_topic(settings): "forwarded",
        changelog_topic(settings): "state",
        reinjected_topic(settings): "sent again",
    }
    return roles.get(topic.name, "events")


def _rights(topic: Topic, settings: Settings) -> tuple[str, str]:
    """Return the rights of workers and of producers; Read and Write imply Describe."""
    rights = {
        dead_letters_topic(settings): ("Write", ""),
        forwarded_topic(settings): ("Read, Write", ""),
        changelog_topic(settings): ("Read, Write, Delete", ""),
        reinjected_topic(settings): ("", ""),
    }
    return rights.get(topic.name, ("Read", "Write"))


def _rights_in_words(settings: Settings) -> list[str]:
    creating = "`kpis topics apply`"
    if settings.create_topics:
        creating = f"workers and {creating}"
    return [
        "The last two columns are the rights (ACL operations) that workers and producers need on each topic.",
        f"Consumer group {settings.group}: workers need Read; for rebuilds also on the groups and topics "
        f"whose names begin with {settings.group}.g.",
        f"All topics: {creating} need Create, Describe; `kpis topics list` and `kpis check` need Describe, "
        "DescribeConfigs; `kpis topics apply` needs AlterConfigs where a setting is wrong.",
        f"`kpis dead-letters` needs Read on {dead_letters_topic(settings)}; its `reinject` also "
        f"Read and Write on {reinjected_topic(settings)}, Write on the topics of events and on the "
        f"transactional id {reinjected_topic(settings)}.",
        "Read and Write imply Describe; KPIS_CREATE_TOPICS=false spares workers Create.",
    ]


def _retention(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "not known"
    if milliseconds < 0:
        return "for ever"
    hours = milliseconds * 1000 / HOUR
    return f"{hours:g} h" if hours * HOUR % DAY else f"{hours * HOUR / DAY:g} d"

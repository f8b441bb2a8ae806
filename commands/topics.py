"""`kpis topics`: create and list the topics."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from commands.configuration import current_settings
from commands.failure import Failure
from commands.listing import print_list
from connections.kafka import KafkaUnavailable
from connections.topics import (
    Topic,
    TopicsMismatch,
    changelog_topic,
    create_missing_topics,
    dead_letters_topic,
    describe_topics,
    forwarded_topic,
)
from models.settings import Settings
from models.times import DAY, HOUR

T = TypeVar("T")

_HEAD = ("topic", "role", "partitions", "replicas", "retention", "workers", "producers")


@click.group()
def command() -> None:
    """Create what topics are missing, and list them with the rights that they need."""


@command.command("apply")
def apply() -> None:
    """Create the topics that are not there; those that are there stay as they are."""
    created = _ask(create_missing_topics(current_settings()))
    for name in created:
        click.echo(f"created {name}")
    if not created:
        click.echo("all topics are there")


@command.command("list")
def list_() -> None:
    """List the topics, and for each what a broker's ACLs must allow."""
    settings = current_settings()
    topics = _ask(describe_topics(settings))
    print_list(_HEAD, [_row(topic, settings) for topic in topics])
    click.echo()
    for line in _rights_in_words(settings):
        click.echo(line)


def _ask(work: Coroutine[Any, Any, T]) -> T:
    # aiokafka's log says once more what the error says.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        return asyncio.run(work)
    except (KafkaUnavailable, TopicsMismatch) as error:
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


def _role(topic: Topic, settings: Settings) -> str:
    roles = {
        dead_letters_topic(settings): "refused",
        forwarded_topic(settings): "forwarded",
        changelog_topic(settings): "state",
    }
    return roles.get(topic.name, "events")


def _rights(topic: Topic, settings: Settings) -> tuple[str, str]:
    """Give the rights of workers and of producers; Read and Write imply Describe."""
    rights = {
        dead_letters_topic(settings): ("Write", ""),
        forwarded_topic(settings): ("Read, Write", ""),
        changelog_topic(settings): ("Read, Write, Delete", ""),
    }
    return rights.get(topic.name, ("Read", "Write"))


def _rights_in_words(settings: Settings) -> list[str]:
    creating = "`kpis topics apply`"
    if settings.create_topics:
        creating = f"workers and {creating}"
    return [
        "The last two columns are the rights (ACL operations) that workers and producers need on each topic.",
        f"Consumer group {settings.group}: workers need Read.",
        f"All topics: {creating} need Create, Describe; `kpis topics list` and `kpis check` need Describe, "
        "DescribeConfigs.",
        "Read and Write imply Describe; KPIS_CREATE_TOPICS=false spares workers Create.",
    ]


def _retention(milliseconds: int | None) -> str:
    if milliseconds is None:
        return "not known"
    if milliseconds < 0:
        return "for ever"
    hours = milliseconds * 1000 / HOUR
    return f"{hours:g} h" if hours * HOUR % DAY else f"{hours * HOUR / DAY:g} d"

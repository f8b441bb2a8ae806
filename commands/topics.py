"""`kpis topics`: create and list the topics."""

import asyncio

import click
from rich.console import Console
from rich.table import Table

from commands.configuration import current_settings
from commands.failure import Failure
from connections.kafka import KafkaUnavailable
from connections.topics import Topic, TopicsMismatch, create_missing_topics, describe_topics
from models.settings import Settings


@click.group()
def command() -> None:
    """Create what topics are missing, and list them with the rights that they need."""


@command.command("apply")
def apply() -> None:
    """Create the topics that are not there; those that are there stay as they are."""
    settings = current_settings()
    try:
        created = asyncio.run(create_missing_topics(settings))
    except (KafkaUnavailable, TopicsMismatch) as error:
        raise Failure(str(error)) from None
    for name in created:
        click.echo(f"created {name}")
    if not created:
        click.echo("all topics are there")


@command.command("list")
def list_() -> None:
    """List the topics, and for each what a broker's ACLs must allow."""
    settings = current_settings()
    try:
        topics = asyncio.run(describe_topics(settings))
    except KafkaUnavailable as error:
        raise Failure(str(error)) from None
    Console().print(_table(topics))
    click.echo(f"consumer group {settings.group}: workers Read, Describe")
    click.echo(_creation(settings))


def _table(topics: list[Topic]) -> Table:
    table = Table("topic", "what for", "partitions", "rights of workers", "rights of producers")
    for topic in topics:
        count = str(topic.partitions) if topic.partitions else "not there"
        table.add_row(topic.name, topic.purpose, count, topic.worker_rights, topic.producer_rights)
    return table


def _creation(settings: Settings) -> str:
    if settings.create_topics:
        return "cluster: workers Create, unless KPIS_CREATE_TOPICS=false; IdempotentWrite before Kafka 2.8"
    return "cluster: nothing, for KPIS_CREATE_TOPICS is false"

"""What `kpis dead-letters` reads and sends, while it shows how far it is."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition

from commands.failure import Failure
from commands.sending import Say, progress, stoppable
from connections.topic_admin import create_missing_topics, describe_topics
from connections.topic_checks import TopicsUnfit
from connections.topic_faults import MAX_BYTES, Topic, faults_of
from connections.topics import dead_letters_topic, input_topics, reinjected_topic
from models.campaigns.registry import Registry
from models.dead_letters import Letter
from models.settings import Settings
from producers.letters.choosing import Choice, about, letter_of
from producers.letters.judging import Judge
from producers.letters.log import Bounds, Extent, Log, open_log
from producers.letters.marks import Marks, read_marks
from producers.letters.newest import Newest
from producers.letters.reinjection import Reinjection, Tally
from producers.letters.sender import open_sender
from producers.letters.table import Table

_LARGEST = 1_000_000
"""Bytes of a record that a topic takes, where we may not know."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which letters are sent again: those chosen, of what the topic held when it was first asked."""

    choice: Choice
    again: bool
    registry: Registry
    quiet: bool
    extent: Extent | None = None


async def count_letters(settings: Settings, choice: Choice, quiet: bool) -> Table:
    """Count the chosen letters."""
    table = Table()
    prefix = settings.topic_prefix
    await _each(settings, choice, quiet, lambda one: table.add(about(one, prefix), one.arrival))
    return table


async def newest_letters(settings: Settings, choice: Choice, most: int, quiet: bool) -> Sequence[Letter]:
    """Return the chosen letters that arrived last, the newest first."""
    newest = Newest(most)
    await _each(settings, choice, quiet, newest.add)
    return list(newest)


async def letter_at(settings: Settings, partition: int, offset: int) -> Letter:
    """Return one letter.

    Raises:
        Failure: there is none.

    """
    topic = dead_letters_topic(settings)
    async with open_log(settings) as log:
        tp = TopicPartition(topic, partition)
        bounds = (await log.extent(topic)).get(tp)
        if bounds is None:
            raise Failure(f"{topic} has no partition {partition}.")
        if bounds.first <= offset < bounds.end:
            async for records in log.read({tp: Bounds(offset, offset + 1)}):
                for record in records:
                    return letter_of(record)
        held = (
            f"holds offsets {bounds.first} to {bounds.end - 1}" if bounds.end > bounds.first else "is empty"
        )
        raise Failure(
            f"There is no dead letter {partition}:{offset}: partition {partition} of {topic} {held}."
        )


async def survey(settings: Settings, plan: Plan) -> tuple[Tally, Extent]:
    """Say what would become of the letters, and which these are; nothing is sent.

    Raises:
        TopicsUnfit: what was sent is not remembered.

    """
    tally, topic = Tally(), reinjected_topic(settings)
    judge = _judge(settings, plan, await describe_topics(settings))
    async with open_log(settings) as log, progress(lambda: tally.read, plan.quiet) as say:
        extent = await log.extent(dead_letters_topic(settings))
        marks = await read_marks(log, topic) if log.has(topic) else Marks()
        await Reinjection(log, extent, plan.choice, judge, _now, tally).survey(marks)
        _tell_unreadable(log, say)
    return tally, extent


async def reinject(settings: Settings, plan: Plan, tally: Tally) -> int | None:
    """Send the letters that count now; return the signal that stopped it, if any.

    The tally says how far it got.

    Raises:
        DeliveryFailed: not all was sent.
        TopicsUnfit: what was sent would not be remembered.

    """
    with stoppable(at_once=True) as stop:
        try:
            await _reinject(settings, plan, tally)
        except asyncio.CancelledError:
            assert stop.asked
        return stop.signal


async def _reinject(settings: Settings, plan: Plan, tally: Tally) -> None:
    topic, topics = reinjected_topic(settings), await describe_topics(settings)
    judge = _judge(settings, plan, topics)
    if settings.create_topics and not any(one.name == topic and one.partitions for one in topics):
        await create_missing_topics(settings, [topic])
    async with open_log(settings) as log, progress(lambda: tally.read, plan.quiet) as say:
        extent = plan.extent or await log.extent(dead_letters_topic(settings))
        await log.extent(topic)
        async with open_sender(settings) as sender:
            # Only now: whoever sent before us can set no more marks.
            marks = await read_marks(log, topic)
            await Reinjection(log, extent, plan.choice, judge, _now, tally).send(marks, topic, sender)
        _tell_unreadable(log, say)


async def _each(settings: Settings, choice: Choice, quiet: bool, take: Callable[[Letter], None]) -> None:
    """Give each chosen letter to be taken, and show how many of all are read."""
    read = 0
    async with open_log(settings) as log, progress(lambda: read, quiet) as say:
        async for records in log.read(await log.extent(dead_letters_topic(settings))):
            read += len(records)
            for letter in map(letter_of, records):
                if choice.takes(about(letter, settings.topic_prefix), letter.arrival):
                    take(letter)
        _tell_unreadable(log, say)


def _judge(settings: Settings, plan: Plan, described: Sequence[Topic]) -> Judge:
    """Make a judge of the topics as they are.

    Raises:
        TopicsUnfit: what was sent is not remembered.

    """
    unfit = [fault for fault in faults_of(settings, described) if fault.topic == reinjected_topic(settings)]
    if unfit:
        raise TopicsUnfit(settings, unfit)
    inputs = [topic for topic in described if topic.name in input_topics(settings) and topic.partitions]
    return Judge(
        plan.registry,
        settings.topic_prefix,
        {topic.name: topic.partitions for topic in inputs},
        {topic.name: _largest(topic) for topic in inputs},
        plan.again,
    )


def _largest(topic: Topic) -> int:
    return int(topic.read(MAX_BYTES, str(_LARGEST)))


def _tell_unreadable(log: Log, say: Say) -> None:
    if log.unreadable:
        say(
            f"{log.unreadable} letters cannot be read: names of headers are not UTF-8, as no worker writes "
            "them. They stay where they are."
        )


def _now() -> int:
    return time.time_ns() // 1000

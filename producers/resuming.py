"""How far events were sent already: read off the end of the topic that most of them go to."""

import json
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from connections.kafka import client_options
from connections.topic_admin import describe_topics
from models.settings import Settings
from models.times import parse_time

_TOPIC = "impressions"
_LAST_RECORDS = 50
"""Of each partition: some were late, or are no events."""
_ANSWER_MS = 2000


async def last_event_time(settings: Settings) -> int | None:
    """Return the latest event time at the end of the impressions (microseconds); None if there are none.

    The event time, not the arrival: past traffic whose sending was cut off is then gone on with.

    Raises:
        KafkaUnavailable: no broker answers.

    """
    topic = settings.topic_prefix + _TOPIC
    counts = {found.name: found.partitions for found in await describe_topics(settings)}
    partitions = [TopicPartition(topic, number) for number in range(counts.get(topic, 0))]
    consumer = AIOKafkaConsumer(**client_options(settings))
    await consumer.start()
    try:
        return latest(await _last_values(consumer, partitions)) if partitions else None
    finally:
        await consumer.stop()


async def _last_values(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> list[bytes | None]:
    consumer.assign(partitions)
    firsts, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    values: list[bytes | None] = []
    for tp, end in ends.items():
        at = max(firsts[tp], end - _LAST_RECORDS)
        consumer.seek(tp, at)
        while at < end and (records := (await consumer.getmany(tp, timeout_ms=_ANSWER_MS)).get(tp)):
            values += [record.value for record in records]
            at = records[-1].offset + 1
    return values


def latest(values: Iterable[bytes | None]) -> int | None:
    """Return the latest event time among records; None where none has one that can be read."""
    return max((time for value in values if (time := _event_time(value)) is not None), default=None)


def _event_time(value: bytes | None) -> int | None:
    try:
        return parse_time(json.loads(value or b"")["event_time"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None

"""Faust's producer, extended where it would double or reorder records."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, cast

from faust.transport.drivers import aiokafka as driver

from connections.topic_faults import LARGEST_DEAD_LETTER


class Producer(driver.Producer):
    """A producer whose retries neither double nor reorder records."""

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": True, "max_request_size": LARGEST_DEAD_LETTER}

    async def send_record(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> asyncio.Future[Any]:
        """Send a record; return the future of its acknowledgement.

        Not through Faust's own `send`, which refuses a record with neither key nor value: producers do send
        them, and they must reach the dead letters as they are.
        """
        producer = self._ensure_producer()
        if key is not None or value is not None:
            sent = await producer.send(topic, value, key, partition, headers=list(headers))
        else:
            batch = producer.create_batch()
            batch.append(key=None, value=None, timestamp=None, headers=list(headers))
            first = min(await producer.partitions_for(topic))
            sent = await producer.send_batch(batch, topic, partition=first)
        return cast("asyncio.Future[Any]", sent)

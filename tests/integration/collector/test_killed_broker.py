"""A broker that is killed and starts again on its data, while events come."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from connections.topic_admin import create_missing_topics
from embedded.kafka import start_kafka
from models.settings import Settings
from producers.collector.durable import open_durable
from tests.integration.collector.ledger import Client, account
from tests.integration.collector.waiting import until_drained


@pytest.mark.whole
async def test_through_a_broker_that_is_killed_and_away_for_seconds(
    unique_name: str, tmp_path: Path, seed: int
) -> None:
    server = await asyncio.to_thread(start_kafka, tmp_path / "kafka")
    port = int(server.address.rsplit(":", 1)[1])
    settings = Settings(
        kafka=server.address, topic_prefix=f"{unique_name}.", partitions=2, data_dir=tmp_path / "data"
    )
    try:
        await create_missing_topics(settings)
        async with open_durable(settings, lambda _: None) as durable:
            client = Client(durable, tmp_path / "ledger")
            sending = asyncio.create_task(client.run())
            await asyncio.sleep(0.5)
            os.kill(server.child.pid, signal.SIGKILL)
            await asyncio.sleep(seed)
            server.stop()
            assert not durable.figures().kafka_answers
            server = await asyncio.to_thread(start_kafka, tmp_path / "kafka", port=port)
            await asyncio.sleep(0.5)
            client.stop()
            await sending
            await until_drained(settings)
            assert durable.figures().kafka_answers

        assert not client.refusals
        (await account(settings, tmp_path / "ledger")).require_each_once(at_least=500)
    finally:
        server.stop()

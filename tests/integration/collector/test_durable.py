"""Whatever Kafka does, what was kept is on the topics, once, and no number is missing."""

import asyncio
import os
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from confluent_kafka.admin import AdminClient

from connections.topic_admin import create_missing_topics
from models.settings import Settings
from producers.collector.durable import Durable, NeverKept, Outgoing, open_durable
from tests.integration.collector.conftest import Frozen
from tests.integration.collector.ledger import Client, account, read_all
from tests.integration.collector.waiting import until_drained
from tests.integration.configuring import configure
from tests.integration.rights import DENY, DESCRIBE, TOPIC, US, WRITE, rule, ruled


def no_right_to_write(settings: Settings) -> AbstractAsyncContextManager[None]:
    """Deny everybody the right to write clicks."""
    topic = f"{settings.topic_prefix}clicks"
    # A topic with any rule is hidden from those whom none allows to see it: it would look like one that is
    # gone.
    return ruled(settings, rule(TOPIC, topic, US, WRITE, DENY), rule(TOPIC, topic, US, DESCRIBE))


async def test_through_a_kafka_that_halts_and_then_answers_slowly(
    settings: Settings, frozen: Frozen, tmp_path: Path
) -> None:
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        sending = asyncio.create_task(client.run())
        await asyncio.sleep(0.5)
        with frozen():
            await asyncio.sleep(1.0)
            assert not durable.figures().kafka_answers
            assert durable.figures().spool_events > 0
        await until_drained(settings)
        largest = 0
        for _ in range(4):
            with frozen():
                await asyncio.sleep(0.4)
            await asyncio.sleep(0.2)
            largest = max(largest, durable.figures().spool_bytes)
        client.stop()
        await sending
        await until_drained(settings)
        assert durable.figures().kafka_answers

    assert largest < 4_000_000
    assert not client.refusals
    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=1000)


async def test_while_a_topic_refuses_what_is_sent_to_it(settings: Settings, tmp_path: Path) -> None:
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        sending = asyncio.create_task(client.run())
        await asyncio.sleep(0.3)
        async with no_right_to_write(settings), asyncio.timeout(10):
            while "grant Write on it" not in durable.figures().why:
                await asyncio.sleep(0.02)
            assert not durable.figures().kafka_answers
            await asyncio.sleep(0.5)
        client.stop()
        await sending
        await until_drained(settings)

    assert not client.refusals
    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=200)


async def test_a_topic_that_is_gone_is_named_and_gets_all_once_it_is_there_again(
    settings: Settings, tmp_path: Path
) -> None:
    topic = f"{settings.topic_prefix}clicks"
    admin = AdminClient({"bootstrap.servers": settings.kafka})
    deleted = [Outgoing("clicks", b"campaign-%d" % number, b'{"event_id":"deleted"}') for number in range(7)]
    sent = 0
    async with open_durable(settings, lambda _: None) as durable:
        for done in admin.delete_topics([topic]).values():
            await asyncio.to_thread(done.result)
        async with asyncio.timeout(10):
            # For a moment the broker still takes records for a topic that is deleted with them.
            while topic not in durable.figures().why:
                await durable.keep(deleted, yields=False)
                sent += len(deleted)
        await Client(durable, tmp_path / "ledger").run_for(0.5)
        await create_missing_topics(settings)
        await until_drained(settings)

    found = await account(settings, tmp_path / "ledger")
    assert found.kept > 100
    assert not found.lost
    assert not (found.doubled | found.twins) - {"deleted"}
    assert found.holes <= sent


async def test_a_record_that_is_too_large_for_its_topic_is_refused_and_blocks_nothing(
    settings: Settings,
) -> None:
    good = [Outgoing("clicks", b"glow", b'{"event_id":"%d"}' % number) for number in range(200)]
    incompressible = os.urandom(6000).hex().encode()
    large = Outgoing("clicks", b"glow", b'{"event_id":"large","text":"%s"}' % incompressible)
    await configure(settings, f"{settings.topic_prefix}clicks", max_message_bytes="3000")
    async with open_durable(settings, lambda _: None) as durable:
        async with asyncio.timeout(10):
            # A broker takes a moment to hear of its configuration.
            while not await is_refused(durable, [large], 0):
                await asyncio.sleep(0.1)
        assert await is_refused(durable, [*good[:150], large, *good[150:]], 150)

    found = [record.event_id for record in await read_all(settings)]
    assert [event_id for event_id in found if event_id != "large"] == [str(number) for number in range(200)]


async def is_refused(durable: Durable, records: list[Outgoing], place: int) -> bool:
    """Keep records; say whether the one at a place is refused, or set aside where the disk was quicker."""
    before = durable.figures().refused_events
    try:
        await durable.keep(records, yields=True)
    except NeverKept as error:
        return list(error.records) == [place]
    async with asyncio.timeout(20):
        while durable.figures().spool_events:
            await asyncio.sleep(0.02)
    return durable.figures().refused_events == before + 1

"""Whatever Kafka does, what was kept is on the topics, once, and no number is missing."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourcePatternType,
    ResourceType,
)

from connections.topic_admin import create_missing_topics
from models.settings import Settings
from producers.collector.durable import Durable, Outgoing, Refused, open_durable
from tests.integration.collector.ledger import Client, account, read_all
from tests.system.faults.proxy import Proxy
from tests.system.faults.servers import Broker

Fault = Callable[[Settings], AbstractAsyncContextManager[None]]


def segments(settings: Settings) -> list[Path]:
    return sorted(settings.data_dir.glob("collect/*/*.spool"))


async def drained(durable: Durable, settings: Settings, within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while segments(settings) or not durable.figures().kafka_answers:
            await asyncio.sleep(0.02)


def admin(settings: Settings) -> AdminClient:
    return AdminClient({"bootstrap.servers": settings.kafka})


async def configure(settings: Settings, name: str, value: str) -> None:
    """Set something of the topic of clicks."""
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(
        ResourceType.TOPIC, f"{settings.topic_prefix}clicks", incremental_configs=[entry]
    )
    for done in admin(settings).incremental_alter_configs([resource]).values():
        await asyncio.to_thread(done.result)


@asynccontextmanager
async def no_right_to_write(settings: Settings) -> AsyncIterator[None]:
    topic, anybody = f"{settings.topic_prefix}clicks", "User:ANONYMOUS"
    kind, literal, deny = ResourceType.TOPIC, ResourcePatternType.LITERAL, AclPermissionType.DENY
    acl = AclBinding(kind, topic, literal, anybody, "*", AclOperation.WRITE, deny)
    for made in admin(settings).create_acls([acl]).values():
        await asyncio.to_thread(made.result)
    yield
    anything = AclBindingFilter(kind, topic, literal, None, None, AclOperation.ANY, AclPermissionType.ANY)
    for gone in admin(settings).delete_acls([anything]).values():
        await asyncio.to_thread(gone.result)


@asynccontextmanager
async def too_few_replicas(settings: Settings) -> AsyncIterator[None]:
    await configure(settings, "min.insync.replicas", "2")
    yield
    await configure(settings, "min.insync.replicas", "1")


async def test_through_a_frozen_and_a_killed_broker(
    broker: Broker, settings: Settings, tmp_path: Path
) -> None:
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        sending = asyncio.create_task(client.run())
        await asyncio.sleep(0.5)
        broker.freeze()
        await asyncio.sleep(1.0)
        assert not durable.figures().kafka_answers
        assert durable.figures().spool_events > 0
        broker.wake()
        await drained(durable, settings)
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(broker.start)
        await asyncio.sleep(0.5)
        client.stop()
        await sending
        await drained(durable, settings)

    assert not client.refusals
    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=2000)


@pytest.mark.parametrize("fault", [no_right_to_write, too_few_replicas])
async def test_while_a_topic_refuses_what_is_sent_to_it(
    fault: Fault, settings: Settings, tmp_path: Path
) -> None:
    async with open_durable(settings, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        sending = asyncio.create_task(client.run())
        await asyncio.sleep(0.3)
        async with fault(settings):
            await asyncio.sleep(1.2)
            assert not durable.figures().kafka_answers
            assert durable.figures().why
        await drained(durable, settings)
        client.stop()
        await sending

    assert not client.refusals
    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=1000)


async def test_a_topic_that_is_gone_is_named_and_gets_all_once_it_is_there_again(
    settings: Settings, tmp_path: Path
) -> None:
    for done in admin(settings).delete_topics([f"{settings.topic_prefix}clicks"]).values():
        await asyncio.to_thread(done.result)
    async with open_durable(settings, lambda _: None) as durable:
        await Client(durable, tmp_path / "ledger").run_for(0.5)
        assert f"{settings.topic_prefix}clicks" in durable.figures().why
        await create_missing_topics(settings)
        await drained(durable, settings)

    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=500)


async def test_a_broker_that_is_only_slow_fills_no_spool(
    broker: Broker, proxy: Proxy, settings: Settings, tmp_path: Path
) -> None:
    behind = settings.model_copy(update={"kafka": proxy.address})
    most = 0
    async with open_durable(behind, lambda _: None) as durable:
        client = Client(durable, tmp_path / "ledger")
        sending = asyncio.create_task(client.run())
        proxy.delay = 0.2
        for _ in range(30):
            await asyncio.sleep(0.1)
            most = max(most, durable.figures().spool_bytes)
        proxy.heal()
        client.stop()
        await sending
        await drained(durable, settings)

    assert 0 < most < 4_000_000
    (await account(settings, tmp_path / "ledger")).require_each_once(at_least=500)


async def test_a_record_that_is_too_large_for_its_topic_is_refused_and_blocks_nothing(
    settings: Settings,
) -> None:
    await configure(settings, "max.message.bytes", "3000")
    good = [Outgoing("clicks", b"glow", b'{"event_id":"%d"}' % number) for number in range(200)]
    incompressible = os.urandom(6000).hex().encode()
    bad = Outgoing("clicks", b"glow", b'{"event_id":"bad","text":"%s"}' % incompressible)
    async with open_durable(settings, lambda _: None) as durable:
        with pytest.raises(Refused) as refused:
            await durable.keep([*good[:150], bad, *good[150:]], yields=True)

    assert list(refused.value.records) == [150]
    found = await read_all(settings)
    assert [record.event_id for record in found] == [str(number) for number in range(200)]

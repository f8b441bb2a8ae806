"""What streams/kafka/transport.py relies on in Faust and aiokafka, on a real broker."""

import inspect
from typing import Any

import faust
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.errors import InconsistentGroupProtocolError
from aiokafka.structs import OffsetAndMetadata
from faust.assignor import PartitionAssignor
from faust.transport import consumer as faust_consumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from redis.asyncio import Redis

from models.settings import Settings
from streams.kafka.answers import KeepingClient
from streams.kafka.consumer_thread import ConsumerThread
from streams.kafka.transport import Consumer
from tests.integration.reading import read_dead_letters
from tests.integration.running import producing, running, send

LARGEST_BATCH = 1_048_588


@pytest.mark.parametrize("ending", ["committed", "aborted"])
async def test_aborted_records_never_count_and_a_marker_at_the_end_is_no_lag(
    settings: Settings, redis: Redis, impressions: str, ending: str
) -> None:
    async with producing(settings, transactional_id=settings.group) as producer:
        for count, commits in ((3, True), (2, False), (4, True), *([(5, False)] * (ending == "aborted"))):
            await producer.begin_transaction()
            await send(producer, impressions, count, partition=0)
            await (producer.commit_transaction() if commits else producer.abort_transaction())

        async with running(settings, redis) as worker:
            await worker.ready()
            assert worker.impressions == 7
            await worker.until(lambda: worker.worker.pipeline().lag.get(("impressions", 0)) == 0)

            async with producer.transaction():
                await send(producer, impressions, 10, partition=0)
            await worker.until(lambda: worker.impressions == 17)
            await worker.until(lambda: worker.worker.pipeline().lag.get(("impressions", 0)) == 0)

        async with running(settings, redis) as worker:
            await worker.ready()
            assert worker.outcomes["outcome:counted"] == 17


async def test_what_was_produced_before_the_first_start_is_counted(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        await send(producer, impressions, 500)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 500


async def test_reading_starts_from_the_state_whatever_the_group_has_committed(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        await send(producer, impressions, 20, partition=0)
    tp = TopicPartition(impressions, 0)
    other = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka, group_id=settings.group, enable_auto_commit=False
    )
    await other.start()
    other.assign([tp])
    await other.commit({tp: OffsetAndMetadata(20, "")})
    assert await other.committed(tp) == 20
    await other.stop()

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 20


async def test_a_record_with_neither_key_nor_value_reaches_the_dead_letters(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        batch = producer.create_batch()
        batch.append(key=None, value=None, timestamp=None, headers=[("trace", b"7")])
        await (await producer.send_batch(batch, impressions, partition=1))

    async with running(settings, redis) as worker:
        await worker.ready()
        (letter,) = await read_dead_letters(settings, 1)

    assert (letter.key, letter.value) == (None, None)
    assert ("trace", b"7") in letter.headers
    assert dict(letter.headers)["__connect.errors.exception.class.name"] == b"not_json"


async def test_the_largest_record_that_a_topic_takes_reaches_the_dead_letters(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    headers = [("a", b"x" * 20_000), ("a", b"y" * 20_000)]
    value = b"v" * (LARGEST_BATCH - 40_000 - 200)
    async with producing(settings, max_request_size=2 * LARGEST_BATCH) as producer:
        await producer.send_and_wait(impressions, value, b"key", headers=headers)
        await send(producer, impressions, 1)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert worker.impressions == 1
        (letter,) = await read_dead_letters(settings, 1)

    assert (letter.key, letter.value) == (b"key", value)
    assert list(letter.headers[:2]) == headers
    assert dict(letter.headers)["__connect.errors.exception.class.name"] == b"too_large"


async def test_headers_without_a_value_reach_the_dead_letters(
    settings: Settings, redis: Redis, impressions: str
) -> None:
    async with producing(settings) as producer:
        await producer.send_and_wait(impressions, b"{", headers=[("empty", b""), ("null", None)])

    async with running(settings, redis) as worker:
        await worker.ready()
        (letter,) = await read_dead_letters(settings, 1)

    assert letter.headers[:2] == (("empty", b""), ("null", None))


async def test_the_running_consumer_is_set_as_the_driver_does_not_offer(
    settings: Settings, redis: Redis
) -> None:
    async with running(settings, redis) as worker:
        await worker.ready()
        consumer: Any = worker.app.consumer
        producer: Any = worker.app.producer
        inner = consumer._thread._ensure_consumer()

        assert type(consumer) is Consumer
        assert type(consumer._thread) is ConsumerThread
        assert inner._fetcher._isolation_level == READ_COMMITTED
        assert type(inner._fetcher._client) is KeepingClient, "else nothing would be handed over"
        assert inner._fetcher._fetch_max_wait_ms < 500
        assert inner._fetcher._fetch_min_bytes > 10_000
        assert inner._enable_auto_commit is False
        assert inner._coordinator._max_poll_interval > 1e8, "a standby, which polls nothing, stays a member"
        assert inner._coordinator._pending_exception is None
        assert consumer._thread._thread and consumer._thread._thread.daemon, (
            "Python waits for no broker at the end"
        )
        assert consumer.joined
        assert consumer.coordinates
        assert worker.app.coordinates
        assert producer._producer._txn_manager is not None, "the producer is idempotent"
        assert producer._producer._sender._acks == -1


async def test_a_refusal_that_the_coordination_waits_with_is_taken_and_it_joins_anew(
    settings: Settings, redis: Redis
) -> None:
    """By itself aiokafka waits for ever: whoever reads its fetcher, as Faust does, never asks for errors."""
    async with running(settings, redis) as worker:
        await worker.ready()
        consumer: Any = worker.app.consumer
        coordinator = consumer._thread._ensure_consumer()._coordinator
        generation = coordinator.generation

        def refuse() -> None:
            heartbeat = consumer._thread.thread_loop.create_future()
            heartbeat.set_exception(InconsistentGroupProtocolError())
            coordinator._heartbeat_task.cancel()
            coordinator._heartbeat_task = heartbeat
            coordinator.request_rejoin()

        consumer._thread.thread_loop.call_soon_threadsafe(refuse)
        await worker.until(lambda: coordinator.generation > generation and worker.worker.readiness().ready)


async def test_the_state_is_restored_from_an_empty_changelog_too(settings: Settings, redis: Redis) -> None:
    async with running(settings, redis) as worker:
        await worker.ready()

        assert worker.manager.assignment.all is not None
        assert worker.assigned == {0, 1}


async def test_fausts_memory_of_read_offsets_drops_nothing(settings: Settings, redis: Redis) -> None:
    async with running(settings, redis) as worker:
        await worker.ready()
        consumer: Any = worker.app.consumer
        memory = consumer._read_offset
        memory[TP("x", 0)] = 100

        assert memory[TP("x", 0)] is None


def test_the_memory_of_read_offsets_is_what_faust_drops_records_by() -> None:
    """And it takes its two methods from the instance's mapping, where ours stands."""
    source = inspect.getsource(faust_consumer.Consumer._drain_messages)

    assert "get_read_offset = self._read_offset.__getitem__" in source
    assert "if r_offset is None or offset >= r_offset:" in source


@pytest.mark.parametrize(
    ("overridden", "of"),
    [
        ("_create_worker_consumer", driver.AIOKafkaConsumerThread),
        ("_fetch_records", driver.AIOKafkaConsumerThread),
        ("close", driver.AIOKafkaConsumerThread),
        ("on_start", driver.AIOKafkaConsumerThread),
        ("stop", driver.AIOKafkaConsumerThread),
        ("_new_consumer_thread", driver.Consumer),
        ("_wait_next_records", driver.Consumer),
        ("on_partitions_assigned", driver.ConsumerRebalanceListener),
        ("on_partitions_assigned", driver.AIOKafkaConsumerThread),
        ("on_partitions_revoked", driver.AIOKafkaConsumerThread),
        ("_perform_assignment", PartitionAssignor),
        ("on_assignment", PartitionAssignor),
        ("metadata", PartitionAssignor),
        ("perform_seek", driver.Consumer),
        ("on_partitions_revoked", driver.Consumer),
        ("_settings_extra", driver.Producer),
        ("_ensure_producer", driver.Producer),
        ("_new_transport", faust.App),
        ("_new_producer_transport", faust.App),
    ],
)
def test_what_is_overridden_or_called_is_still_there(overridden: str, of: type) -> None:
    """An override that nobody calls any more would go unnoticed."""
    assert callable(getattr(of, overridden))

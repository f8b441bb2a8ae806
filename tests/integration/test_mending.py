"""What is stored is damaged, emptied, foreign or refused: the worker says so, waits, goes on once mended."""

import json
import logging
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from redis.asyncio import Redis

from connections.topics import changelog_topic, dead_letters_topic, partition_of, state_topics
from models.settings import Settings
from tests.integration.configuring import configure
from tests.integration.processes import start_process, until_ready, until_said
from tests.integration.reading import read_dead_letters
from tests.integration.running import (
    CAMPAIGN,
    RunningWorker,
    producing,
    running,
    send,
)

OWNER = partition_of(CAMPAIGN.encode(), 2)


async def count(settings: Settings, redis: Redis, impressions: str) -> None:
    """Have a worker count nine impressions, and end."""
    async with producing(settings) as producer, running(settings, redis) as worker:
        await send(producer, impressions, 9, partition=OWNER)
        await worker.ready()
        await worker.until(lambda: worker.impressions == 9)


async def delete(settings: Settings, *topics: str, before: int = 0) -> None:
    """Delete topics, or of the first all records before an offset."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka)
    await admin.start()
    try:
        if before:
            await admin.delete_records({TopicPartition(topics[0], OWNER): RecordsToDelete(before)})
        else:
            await admin.delete_topics(list(topics))
    finally:
        await admin.close()


async def halted_once(worker: RunningWorker, said: str, caplog: pytest.LogCaptureFixture) -> str:
    """Wait until the worker waits for something to be mended, which is logged once; give the reason."""
    reason = await worker.halt()
    assert said in reason
    assert not worker.worker.readiness().ready
    assert worker.reasons == [], "it does not end"
    assert sum(said in record.message for record in caplog.records) == 1
    return reason


async def test_a_damaged_journal_is_waited_for_and_counted_anew_once_it_is_deleted(
    settings: Settings,
    redis: Redis,
    impressions: str,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await count(settings, redis, impressions)
    damage(tmp_path_factory.getbasetemp(), changelog_topic(settings))

    async with running(settings, redis) as worker:
        reason = await halted_once(worker, "its log is damaged at offset", caplog)
        assert "kpis worker --rebuild" in reason
        await delete(settings, *state_topics(settings))
        await worker.ready()
        assert worker.impressions == 9


async def test_a_damaged_topic_of_events_is_waited_for_and_what_is_given_up_is_counted_as_lost(
    settings: Settings,
    redis: Redis,
    impressions: str,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with producing(settings) as producer:
        await send(producer, impressions, 9, partition=OWNER)
        await send(producer, impressions, 1, partition=OWNER)
    damage(tmp_path_factory.getbasetemp(), impressions)

    async with producing(settings) as producer, running(settings, redis) as worker:
        reason = await halted_once(worker, f"{impressions}/{OWNER} is damaged at offset 9", caplog)
        assert '"offset": 10}' in reason
        await delete(settings, impressions, before=10)
        await send(producer, impressions, 2, partition=OWNER)
        await worker.ready()
        await worker.until(lambda: worker.impressions == 11)
        assert (worker.worker.pipeline().ledger or {})["impressions"]["lost"] == 1


async def test_an_emptied_journal_is_a_loss_and_not_a_beginning(
    settings: Settings, redis: Redis, impressions: str, caplog: pytest.LogCaptureFixture
) -> None:
    await count(settings, redis, impressions)
    state = changelog_topic(settings)
    await delete(settings, state, before=-1)

    async with running(settings, redis) as worker:
        await halted_once(worker, "was deleted, and no snapshot replaces it", caplog)
        await delete(settings, *state_topics(settings))
        await worker.ready()
        assert worker.impressions == 9


@pytest.mark.parametrize("aborted", [False, True])
async def test_a_strangers_record_in_the_journal_is_named_and_the_gap_of_one_that_was_aborted(
    settings: Settings, redis: Redis, impressions: str, caplog: pytest.LogCaptureFixture, aborted: bool
) -> None:
    await count(settings, redis, impressions)
    options = {"transactional_id": settings.group} if aborted else {}
    async with producing(settings, **options) as producer:
        if aborted:
            await producer.begin_transaction()
        await producer.send_and_wait(changelog_topic(settings), b"", partition=OWNER)
        if aborted:
            await producer.abort_transaction()

    async with running(settings, redis) as worker:
        reason = await halted_once(worker, "the state cannot be read: it is damaged", caplog)
        assert f"(partition {OWNER})" in reason


async def test_a_dead_letter_that_its_topic_does_not_take_is_named_and_written_once_it_does(
    settings: Settings, redis: Redis, impressions: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    letters = dead_letters_topic(settings)
    await configure(settings, letters, max_message_bytes="100000")
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        large = json.dumps({"text": "x" * 200_000}).encode()
        await producer.send_and_wait(impressions, large, partition=OWNER)
        await send(producer, impressions, 3, partition=OWNER)
        said = f"The topic {letters} does not take a record of {len(large)} bytes"
        reason = await halted_once(worker, said, caplog)
        assert f"--entity-name {letters} --add-config max.message.bytes=" in reason

        await configure(settings, letters, max_message_bytes="300000")
        await worker.ready()
        await worker.until(lambda: worker.impressions == 3)
        (letter,) = await read_dead_letters(settings, 1)
        assert letter.value == large


async def test_a_state_topic_that_is_deleted_under_a_worker_is_noticed_and_counted_anew(
    settings: Settings, redis: Redis, impressions: str, tmp_path: Path
) -> None:
    """A process, as a supervisor has it: Faust may hold up the end of what reads a topic that is gone.

    The topic is missed by whoever comes first: the watch over topics, or a rebalance that the deletion began.
    """
    process = start_process(settings, tmp_path)
    try:
        async with producing(settings) as producer:
            await send(producer, impressions, 9, partition=OWNER)
        await until_ready(process)
        await delete(settings, *state_topics(settings))
        await until_said(process, "was deleted under the worker", "was missing when partitions were assigned")
        assert process.exit_code in (None, 3)
    finally:
        process.kill()
    async with running(settings, redis) as worker:
        await worker.ready()
        await worker.until(lambda: worker.impressions == 9)


async def test_a_topic_of_dead_letters_that_is_deleted_under_a_worker_is_made_again(
    settings: Settings, redis: Redis, impressions: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with producing(settings) as producer, running(settings, redis) as worker:
        await worker.ready()
        await delete(settings, dead_letters_topic(settings))
        await halted_once(worker, f"The topic {dead_letters_topic(settings)} was deleted", caplog)
        await producer.send_and_wait(impressions, b"{", partition=OWNER)
        await worker.ready()
        await read_dead_letters(settings, 1)


def damage(root: Path, topic: str) -> None:
    """Change the last byte of what the broker stores of a topic's partition of the campaign."""
    (segment,) = {found.resolve() for found in root.glob(f"kafka*/**/{topic}-{OWNER}/*.log")}
    with segment.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))

"""Workers on topics that would lose state, or take no records, wait, say why, and go on once mended."""

import logging

import pytest
from redis.asyncio import Redis

from connections.topic_admin import describe_topics, mend_topics
from connections.topic_faults import faults_of
from connections.topics import changelog_topic
from models.settings import Settings
from tests.integration.configuring import configure
from tests.integration.running import producing, running, send


async def mend(settings: Settings) -> None:
    """Do what `kpis topics apply` does."""
    await mend_topics(settings, faults_of(settings, await describe_topics(settings)))


async def test_a_worker_waits_for_a_state_that_is_kept_and_begins_once_it_is(
    settings: Settings, redis: Redis, impressions: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    state = changelog_topic(settings)
    await configure(settings, state, retention_ms="604800000", max_message_bytes="500000")
    async with producing(settings) as producer:
        await send(producer, impressions, 9)

    async with running(settings, redis) as worker:
        await worker.until(lambda: "does not keep it" in worker.worker.readiness().reason)
        reason = worker.worker.readiness().reason
        assert worker.worker.pipeline().halted
        assert f"--entity-name {state} --add-config retention.ms=-1,max.message.bytes=" in reason
        assert "takes records of 500000 bytes" in reason
        await mend(settings)
        await worker.ready()
        assert worker.impressions == 9

    assert sum("does not keep it" in record.message for record in caplog.records) == 1

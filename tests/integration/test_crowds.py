"""A worker that is started again over the snapshot of a crowd shows the same people."""

import asyncio
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis

from connections.topics import input_topics
from models.reach.bands import Estimates
from models.reach.reach import LIMIT
from models.scopes import ScopeKey
from models.settings import Settings
from models.state.delta import Delta
from models.state.delta_format import decode_delta
from models.times import HOUR, MINUTE, format_time
from models.windows import FLIGHT
from tests.integration.running import CAMPAIGN, RunningWorker, impression, now, producing, running

PERSONS = 5 * LIMIT
"""Fewer of them than the limit are stored: without its thresholds the snapshot would be all there are."""
SEEN_BEFORE = (2 * HOUR, 30 * MINUTE)
"""When people are seen, as many each time."""
EXPECTED = {"5m": 0, "1h": PERSONS // 2, "24h": PERSONS, "7d": PERSONS}
SNAPSHOT_BYTES = 100_000
SCOPES = [ScopeKey("campaign", (CAMPAIGN,)), ScopeKey("channel", (CAMPAIGN, "instagram"))]
"""They have every window."""


def crowd() -> Iterator[bytes]:
    """Show something to each of many people."""
    times = [format_time(now() - before) for before in SEEN_BEFORE]
    for person in range(PERSONS):
        time = times[person % len(times)]
        yield impression(person_id=f"person-{person}", consent=True, event_time=time)


async def send_all(settings: Settings) -> None:
    async with producing(settings, linger_ms=20) as producer:
        topic = input_topics(settings)[0]
        sent = [await producer.send(topic, value) for value in crowd()]
        await asyncio.gather(*sent)


def snapshots(worker: RunningWorker) -> list[Delta]:
    held = worker.manager._restorer._journals.held.values()
    return [decode_delta(run.data) for journal in held for run in journal.runs if run.merged]


def is_thinned(worker: RunningWorker) -> bool:
    return any(
        0 < len(one.sightings.rows) < PERSONS and len(one.thresholds.rows) for one in snapshots(worker)
    )


def reach(worker: RunningWorker, window: str) -> list[list[float]]:
    """Read the people of each scope, with bounds."""
    state = worker.worker.pipeline().states.of(CAMPAIGN)
    assert state is not None
    found: Estimates = state.reach(state.slots(SCOPES), window)
    return [column.tolist() for column in found]


async def test_a_crowd_reads_alike_before_and_after_a_start_over_its_snapshot(
    settings: Settings, redis: Redis
) -> None:
    settings = settings.model_copy(update={"snapshot_bytes": SNAPSHOT_BYTES})
    async with running(settings, redis) as worker:
        await worker.ready()
        await send_all(settings)
        await worker.until(lambda: worker.impressions == PERSONS)
        await worker.until(lambda: is_thinned(worker))
        before = reach(worker, FLIGHT)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert is_thinned(worker)
        assert worker.impressions == PERSONS
        assert reach(worker, FLIGHT) == before
        for window, persons in EXPECTED.items():
            values, _, _ = reach(worker, window)
            assert values == pytest.approx([persons] * len(SCOPES), rel=0.05), window

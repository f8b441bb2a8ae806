"""A worker that is started again over the snapshot of a crowd shows the same people."""

import asyncio
from collections.abc import Iterator

from redis.asyncio import Redis

from connections.topics import input_topics
from models.reach.bands import Estimates
from models.reach.reach import LIMIT
from models.scopes import ScopeKey
from models.settings import Settings
from models.state.delta import Delta
from models.state.delta_format import decode_delta
from models.times import HOUR, format_time
from models.windows import FLIGHT, ROLLING, RollingWindow
from tests.integration.running import CAMPAIGN, RunningWorker, impression, now, producing, running

PERSONS = 4 * LIMIT
SPREAD = 3 * HOUR
SNAPSHOT_BYTES = 100_000
SCOPES = [ScopeKey("campaign", (CAMPAIGN,)), ScopeKey("channel", (CAMPAIGN, "instagram"))]
"""They have every window."""


def crowd(ended: int) -> Iterator[bytes]:
    """Show something to each of many people, evenly over the hours up to a time."""
    for person in range(PERSONS):
        time = format_time(ended - SPREAD * person // PERSONS)
        yield impression(person_id=f"person-{person}", consent=True, event_time=time)


async def send_all(settings: Settings, ended: int) -> None:
    async with producing(settings, linger_ms=20) as producer:
        topic = input_topics(settings)[0]
        sent = [await producer.send(topic, value) for value in crowd(ended)]
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


def expected(window: RollingWindow, since: int) -> tuple[float, float]:
    """Return the least and the most people that a window may hold, so long after the last was seen."""
    edges = (window.length - since - window.bucket // 2, window.length - since + window.bucket // 2)
    least, most = (PERSONS * min(1.0, max(0.0, edge / SPREAD)) for edge in edges)
    return least, most


async def test_a_crowd_reads_alike_before_and_after_a_start_over_its_snapshot(
    settings: Settings, redis: Redis
) -> None:
    settings = settings.model_copy(update={"snapshot_bytes": SNAPSHOT_BYTES})
    ended = now()
    async with running(settings, redis) as worker:
        await worker.ready()
        await send_all(settings, ended)
        await worker.until(lambda: worker.impressions == PERSONS)
        await worker.until(lambda: is_thinned(worker))
        before = reach(worker, FLIGHT)

    async with running(settings, redis) as worker:
        await worker.ready()
        assert is_thinned(worker)
        assert worker.impressions == PERSONS
        assert reach(worker, FLIGHT) == before
        for window in ROLLING:
            earliest = now()
            values, _, _ = reach(worker, window.name)
            least, most = expected(window, now() - ended)[0], expected(window, earliest - ended)[1]
            assert all(0.95 * least <= value <= 1.05 * most for value in values), window.name

"""One process of the collector: campaigns followed, requests answered, events kept, until its end."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from connections.listening import Serving, listen
from connections.redis import connect
from connections.registry_watch import RegistryWatch
from models.settings import Settings
from models.times import SECOND, parse_duration
from producers.collector import limits
from producers.collector.app import application, malformed
from producers.collector.background import in_background
from producers.collector.campaigns import Campaigns
from producers.collector.collector import Collector, Options
from producers.collector.durable import Durable, Figures, open_durable
from producers.collector.metrics import Metrics
from producers.collector.rate_limits import networks
from producers.collector.secrets import Secrets

_LOOK_SECONDS = 1.0
_ID_BYTES = 10


@asynccontextmanager
async def collecting(
    settings: Settings,
    secrets: Secrets,
    clock: Callable[[], int],
    failed: Callable[[], None],
    *,
    shared: bool = False,
) -> AsyncIterator[Serving]:
    """Serve at `settings.collect_address`, in a process that shares it or alone, until the block ends.

    At the end nobody is let in any more, what is under way is answered, and then what Kafka has not
    acknowledged is on disk. Once `failed` is told, by a defect of ours, it is to end: nothing is promised any
    more.

    Raises:
        AddressInUse: the address cannot be listened at.
        KafkaUnavailable: a file of certificates cannot be used.
        RedisUnavailable: the address of Redis cannot be read.
        SpoolUnusable: nothing can be written under the data directory.

    """
    metrics = Metrics()
    redis = connect(settings)
    watch = RegistryWatch(redis, settings.redis_prefix, clock, restore=False)
    campaigns = Campaigns(watch, secrets, parse_duration(settings.click_lifetime))
    try:
        async with open_durable(settings, metrics.acknowledged, failed) as durable:
            collector = _collector(settings, secrets, clock, campaigns, durable, metrics)
            async with _following(watch, campaigns, failed):
                serving = await _open(settings, collector, shared=shared)
                showing = in_background(_show(collector, durable, serving), failed)
                try:
                    yield serving
                finally:
                    showing.cancel()
                    await serving.cleanup()
    finally:
        await redis.aclose()


def _collector(
    settings: Settings,
    secrets: Secrets,
    clock: Callable[[], int],
    campaigns: Campaigns,
    durable: Durable,
    metrics: Metrics,
) -> Collector:
    collector = Collector(
        keeper=durable,
        campaigns=campaigns,
        secrets=secrets,
        metrics=metrics,
        options=options_of(settings, secrets),
        clock=clock,
        new_id=lambda: f"{clock() // 1000:012x}{os.urandom(_ID_BYTES).hex()}",
        ready=lambda: readiness(collector, durable.figures(), clock() / SECOND),
    )
    return collector


def options_of(settings: Settings, secrets: Secrets) -> Options:
    """Return how a collector is set."""
    listed = (one.strip().lower() for one in settings.collect_origins.split(","))
    return Options(
        do_not_track=settings.collect_do_not_track,
        origins=frozenset(filter(None, listed)) | secrets.allowed_origins,
        proxies=networks(settings.collect_proxies),
        rate_by_address=settings.collect_rate,
    )


def readiness(collector: Collector, figures: Figures, now: float) -> tuple[bool, str]:
    """Return whether events can be kept and links be followed at `now` (seconds), and all that is wrong."""
    known, problem, full = (
        collector.campaigns.known,
        collector.campaigns.watch.problem,
        collector.why_not_kept(now),
    )
    said = [full, "" if figures.kafka_answers else _waiting(figures), problem]
    if not known:
        said.append("No link can be followed; events are kept, and judged by the workers.")
    return known and not full, " ".join(filter(None, said)) or "ready"


def _waiting(figures: Figures) -> str:
    left = figures.seconds_left
    lasts = "" if left is None else f" At this pace the spool lasts {left // 3600} h {left // 60 % 60} min."
    waiting = f"{figures.spool_events:,} events wait on disk ({figures.spool_bytes:,} bytes)."
    return f"{figures.why} {waiting}{lasts}"


@asynccontextmanager
async def _following(
    watch: RegistryWatch, campaigns: Campaigns, failed: Callable[[], None]
) -> AsyncIterator[None]:
    """Follow the registry; the first look is over when the block begins."""
    if await watch.look() and watch.current is not None:
        campaigns.take(watch.current)
    following = in_background(watch.run(campaigns.take), failed)
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _open(settings: Settings, collector: Collector, *, shared: bool) -> Serving:
    return await listen(
        application(collector),
        settings.collect_address,
        "KPIS_COLLECT_ADDRESS",
        limits.patience(settings.collect_connections),
        options=limits.HTTP,
        malformed=lambda: malformed(collector),
        shared=shared,
    )


async def _show(collector: Collector, durable: Durable, serving: Serving) -> None:
    """Keep the gauges of this process as it is."""
    while True:
        figures = durable.figures()
        collector.metrics.state(
            spool_events=figures.spool_events,
            spool_bytes=figures.spool_bytes,
            kafka=figures.kafka_answers,
            loaded_at=collector.campaigns.watch.loaded_at,
            connections=len(serving.door.clients),
        )
        await asyncio.sleep(_LOOK_SECONDS)

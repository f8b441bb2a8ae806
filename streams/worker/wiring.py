"""What runs in a worker once its servers answer: made in an order in which each part gets what it needs."""

import asyncio
import os
import platform
import secrets
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from connections.group_checks import SESSION_SECONDS
from connections.topics import dead_letters_topic, forwarded_topic, partition_of
from models.campaigns.registry import Registry
from models.settings import Settings
from streams.journal.journals import Journals
from streams.journal.writer import JournalWriter
from streams.kafka.app import HEARTBEAT_SECONDS, App
from streams.kafka.log_topic import LogTopic
from streams.kafka.sources import AssignedSources
from streams.rating.model import is_plugged_in
from streams.rating.process import RatingProcess
from streams.rating.rating import Rating
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.lease import Lease
from streams.shard.manager import Clock, FailStop, ShardManager
from streams.shard.restoring import Restorer
from streams.shard.storing import Storage
from streams.worker.lag import LagWatch
from streams.worker.topics import TopicWatch
from streams.worker.watchdog import Watchdog

NAMED_LEASE_SECONDS = SESSION_SECONDS - 2


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a worker that reads topics of so many partitions."""

    partitions: int
    app: App
    journals: Journals
    outbox: Outbox
    manager: ShardManager
    lag: LagWatch
    restorer: Restorer
    topics: TopicWatch
    rating: RatingProcess | None

    def background(self) -> list[Coroutine[Any, Any, None]]:
        """Return what runs beside the app, until cancelled."""
        return [
            self.manager.run(),
            self.manager.ask_meanwhile(),
            self.outbox.run(),
            self.lag.run(),
            self.topics.run(),
            *([self.rating.run()] if self.rating else []),
        ]


def uptime() -> float:
    """Return seconds that go on while the machine sleeps, as they do for the group."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _lease(settings: Settings, sources: AssignedSources, *, namesake: bool) -> Lease:
    """Make the lease; `namesake`: the group may have a member of this worker's name.

    That one may have been killed, or be frozen or cut off, and show until its own lease is over. Leases of
    named workers are shorter, so that what a killed one held is shown within its session and three seconds.
    """
    if not settings.instance:
        return Lease(sources.commit, sources.confirm, uptime, SESSION_SECONDS)
    hears = 2 * HEARTBEAT_SECONDS
    at_first = NAMED_LEASE_SECONDS if namesake else hears
    return Lease(sources.commit, sources.confirm, uptime, NAMED_LEASE_SECONDS, at_first, hears)


def wire(
    settings: Settings,
    registry: Registry,
    partitions: int,
    clock: Clock,
    fail_stop: FailStop,
    *,
    namesake: bool = False,
) -> Parts:
    """Make the parts; nothing is connected until the app starts."""

    def owner(campaign: str) -> int:
        return partition_of(campaign.encode(), partitions)

    async def forward(shard: int, value: bytes) -> "asyncio.Future[Any]":
        return await app.send_record(forwarded_topic(settings), None, value, shard)

    async def send_letter(letter: DeadLetter) -> "asyncio.Future[Any]":
        topic = dead_letters_topic(settings)
        return await app.send_record(topic, letter.key, letter.value, headers=letter.headers)

    app = App(settings, partitions)
    sources = AssignedSources(app, app.names)
    journals, outbox = Journals(), Outbox(forward)
    name = f"{platform.node()}-{os.getpid()}"
    writer = JournalWriter(
        journals, LogTopic(settings, app.send_record, app.log_starts), name, settings.snapshot_bytes
    )
    rating = RatingProcess(Rating(clock), plugged_in=is_plugged_in()) if settings.rate_texts else None
    asked = rating.rating if rating else None
    restorer = Restorer(settings, owner, journals, writer, outbox, secrets.token_bytes, asked)
    manager = ShardManager(
        registry,
        sources,
        restorer,
        Storage(writer, outbox, send_letter),
        _lease(settings, sources, namesake=namesake),
        clock,
        fail_stop,
        rating=asked,
    )
    app.listen(manager, journals)
    lag = LagWatch(settings, manager.applied, Watchdog(time.monotonic), clock)
    topics = TopicWatch(settings, partitions)
    return Parts(partitions, app, journals, outbox, manager, lag, restorer, topics, rating)

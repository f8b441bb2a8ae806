"""What every endpoint works with, and the two steps that all end with: judged, then kept."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from models.metrics.collector_metrics import CAMPAIGN_OVER
from models.times import SECOND
from producers.collector.bodies import Room
from producers.collector.bots import RepeatedClicks
from producers.collector.campaigns import Campaigns
from producers.collector.durable import NeverKept, NotKept, Outgoing
from producers.collector.gate import Gate
from producers.collector.incoming import TryLater
from producers.collector.leaked_codes import LEAKED, LeakedCodes
from producers.collector.limits import VISITOR_EVENTS
from producers.collector.metrics import Metrics
from producers.collector.rate_limits import Network
from producers.collector.secrets import Secrets
from producers.collector.sorting import Given, Identity, Sorted, sort
from producers.collector.visitors import Making

_UNREADY_SECONDS = 10.0
"""So long an event that could not be kept makes the collector unready: then others may try again."""


class RecentIds:
    """The events that were kept last, at most `most`: what a sender repeats has been answered before."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._known: OrderedDict[Identity, None] = OrderedDict()

    def knows(self, identity: Identity) -> bool:
        """Return whether an event was kept."""
        return identity in self._known

    def add(self, identity: Identity) -> None:
        """Remember an event that is kept."""
        self._known[identity] = None
        if len(self._known) > self._most:
            self._known.popitem(last=False)


class Keeper(Protocol):
    """Who keeps records: returns once they are acknowledged or on disk."""

    async def keep(self, records: Sequence[Outgoing], *, yields: bool) -> None:
        """Keep records; `yields`: these are refused first where there is little room."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a collector is set. Rates are per second."""

    do_not_track: bool = True
    origins: frozenset[str] = frozenset()
    proxies: tuple[Network, ...] = ()
    rate_by_address: float = 0


@dataclass(slots=True)
class Collector:
    """What endpoints share in one process."""

    keeper: Keeper
    campaigns: Campaigns
    secrets: Secrets
    metrics: Metrics
    options: Options
    new_id: Callable[[], str]
    ready: Callable[[], tuple[bool, str]]
    clock: Callable[[], int]
    room: Room = field(default_factory=Room)
    repeated: RepeatedClicks = field(default_factory=RepeatedClicks)
    recent: RecentIds = field(default_factory=RecentIds)
    judging: asyncio.Lock = field(default_factory=asyncio.Lock)
    not_kept: tuple[str, float] = ("", 0.0)
    leaks: LeakedCodes = field(init=False)
    gate: Gate = field(init=False)

    def __post_init__(self) -> None:
        self.leaks = LeakedCodes(self.campaigns.is_linked)
        self.gate = Gate(self.options.rate_by_address, self.options.proxies, self.secrets)

    @property
    def making(self) -> Making:
        """What events of visitors are made with."""
        return Making(self.new_id, self.secrets.person_salt, self.campaigns.attribution)

    async def sort(
        self,
        events: Sequence[Given],
        now: int,
        campaigns: frozenset[str] | None = None,
        known: Callable[[Identity], bool] = lambda _: False,
    ) -> Sorted:
        """Judge a request's events; those of batches in turns: all at once, all would be answered last."""
        async with self.judging if len(events) > VISITOR_EVENTS else nullcontext():
            return await sort(events, self.campaigns.sure, now, campaigns, known)

    async def keep(self, records: Sequence[Outgoing], *, yields: bool) -> Mapping[int, str]:
        """Keep records; return why Kafka will never take some, by their places.

        Raises:
            TryLater: they cannot be kept now.

        """
        try:
            await self.keeper.keep(records, yields=yields)
        except NotKept as error:
            if not yields:
                self.not_kept = error.why, self.clock() / SECOND
            raise TryLater(503, "overloaded", error.retry_after) from None
        except NeverKept as error:
            return error.records
        return {}

    def why_not_kept(self, now: float) -> str:
        """Return why a visitor's event could not be kept just before `now` (seconds); empty if it could."""
        why, at = self.not_kept
        return why if abs(now - at) < _UNREADY_SECONDS else ""

    def watch_codes(self, endpoint: str, events: Iterable[Mapping[str, Any] | object], now: int) -> None:
        """Look whether codes of orders that were kept seem leaked."""
        for event in events:
            if isinstance(event, Mapping) and self.leaks.observe(event, now):
                self.metrics.note(endpoint, LEAKED)

    def count(self, endpoint: str, found: Sorted) -> None:
        """Count what became of a request's events."""
        self.metrics.events(endpoint, "accepted", len(found.records))
        self.metrics.events(endpoint, "duplicate", found.duplicates)
        for one in found.refused:
            self.metrics.refused(endpoint, one.reason)
        self.metrics.note(endpoint, CAMPAIGN_OVER, found.too_late)

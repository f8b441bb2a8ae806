"""What every endpoint works with, and the two steps that all end with: judged, then kept."""

import asyncio
import base64
import binascii
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from models.metrics.collector_metrics import CAMPAIGN_OVER
from models.times import SECOND
from producers.collector.bodies import Room
from producers.collector.bots import RepeatedClicks
from producers.collector.campaigns import Campaigns
from producers.collector.durable import NotKept, Outgoing
from producers.collector.durable import Refused as KafkaRefuses
from producers.collector.incoming import NotAccepted, TryLater
from producers.collector.leaked_codes import LEAKED, LeakedCodes
from producers.collector.limits import VISITOR_EVENTS
from producers.collector.metrics import Metrics
from producers.collector.rate_limits import Buckets, Network, client, packed, prefix
from producers.collector.secrets import ApiKey, Secrets
from producers.collector.sorting import Given, Identity, Sorted, sort
from producers.collector.visitors import Making

_BURST_SECONDS = 10
"""How much of its rate somebody may take at once."""
_REFUSING_SECONDS = 10.0
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: the rest of its path, its parameters, and when it came (microseconds)."""

    request: web.BaseRequest
    rest: str
    query: tuple[tuple[str, str], ...]
    now: int


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
    refusing: tuple[str, float] = ("", 0.0)
    leaks: LeakedCodes = field(init=False)
    addresses: Buckets = field(init=False)
    keys: dict[str, Buckets] = field(init=False)

    def __post_init__(self) -> None:
        rate = self.options.rate_by_address
        self.leaks = LeakedCodes(self.campaigns.is_linked)
        self.addresses = Buckets(rate, rate * _BURST_SECONDS)
        rates = {name: key.events_per_second for name, key in self.secrets.api_keys.items()}
        self.keys = {name: Buckets(rate, rate * _BURST_SECONDS, 1) for name, rate in rates.items() if rate}

    @property
    def making(self) -> Making:
        """What events of visitors are made with."""
        return Making(self.new_id, self.secrets.person_salt, self.campaigns.attribution)

    def hold_back(self, asked: Asked, *, take: bool = True) -> None:
        """Count a request to its address; whole addresses are kept nowhere.

        Raises:
            TryLater: too many came from there.

        """
        address = _address(asked.request, self.options.proxies) if self.options.rate_by_address else None
        if address is None:
            return
        name, now = prefix(address), asked.now / SECOND
        wait = self.addresses.wait(name, now)
        if wait:
            raise TryLater(429, "rate_limited", wait)
        if take:
            self.addresses.take(name, now)

    @contextmanager
    def holding_back(self, asked: Asked) -> Iterator[None]:
        """Count a request to its address if its sender turns out not to prove who it is."""
        try:
            yield
        except NotAccepted as error:
            if error.status == 401:
                self.hold_back(asked)
            raise

    def hold_back_key(self, name: str, events: int, now: int) -> None:
        """Count events to a key.

        Raises:
            TryLater: too many came with it.

        """
        buckets = self.keys.get(name)
        if buckets is None:
            return
        wait = buckets.wait(b"", now / SECOND)
        if wait:
            raise TryLater(429, "rate_limited", wait)
        buckets.take(b"", now / SECOND, events)

    def key_of(self, asked: Asked) -> tuple[str, ApiKey]:
        """Return the key that a request shows, and its name.

        Raises:
            NotAccepted: 401, it shows none that is known; 429, too many such came from there.

        """
        self.hold_back(asked, take=False)
        with self.holding_back(asked):
            found = self.secrets.api_key(_shown(asked.request.headers.get("Authorization", "")))
            if found is None:
                raise NotAccepted(401, "wrong_key", "Authorization")
            return found

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
                self.refusing = error.why, self.clock() / SECOND
            raise TryLater(503, "overloaded", error.retry_after) from None
        except KafkaRefuses as error:
            return error.records
        return {}

    def refused(self, now: float) -> str:
        """Return why a visitor's event could not be kept just before `now` (seconds); empty if it could."""
        why, at = self.refusing
        return why if abs(now - at) < _REFUSING_SECONDS else ""

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


def _address(request: web.BaseRequest, proxies: Sequence[Network]) -> bytes | None:
    """Return the address of who asked; None where it is not known."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    found = packed(peer[0]) if peer else None
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return None if found is None else client(found, forwarded, proxies)


def _shown(authorization: str) -> str:
    """Return the key that a header shows: a bearer's, or the user name of Segment's libraries."""
    scheme, _, shown = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return shown.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(shown.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""

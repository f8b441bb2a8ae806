"""Transactions that producers have open on the sources: what stands behind them cannot be read yet.

Every transactional producer holds back for moments what others send. One that hangs holds it back until its
timeout, and one that its coordinator has lost, for ever.
"""

import logging
from collections.abc import Mapping
from typing import NamedTuple

from connections.transactions import LONG_SECONDS
from models.state.delta import Source
from models.times import SECOND, format_time
from streams.kafka.sources import Ends, SourceNames

log = logging.getLogger(__name__)


class _Held(NamedTuple):
    """A source that is readable up to an offset, and ends later, since a moment (microseconds)."""

    readable: int
    end: int
    since: int


class OpenTransactions:
    """Since when which sources are held back; logs those that are for long, and when they no longer are."""

    def __init__(self, names: SourceNames) -> None:
        self._names = names
        self._held: dict[Source, _Held] = {}
        self._said: set[Source] = set()

    def look(self, ends: Mapping[Source, Ends], now: int) -> None:
        """Take where sources end now; `now` is in microseconds."""
        held = {}
        for source, (readable, end) in ends.items():
            before = self._held.get(source)
            if readable < end:
                since = before.since if before and before.readable == readable else now
                held[source] = _Held(readable, end, since)
        self._held = held
        long = {source for source in held if self._is_long(source, now)}
        for source in sorted(long - self._said):
            log.warning("%s", self._sentence(source))
        # Of a source that another worker holds now nothing is known.
        for source in sorted((self._said - long) & ends.keys()):
            log.warning("the transaction on %s/%d is over", *self._names.tp(source))
        self._said = long

    def seconds(self, sources: Mapping[Source, int], now: int) -> dict[Source, float]:
        """Return for how long those of some sources that are held back have been."""
        return {
            source: (now - held.since) / SECOND for source, held in self._held.items() if source in sources
        }

    def sentences(self, sources: Mapping[Source, int], now: int) -> str:
        """Say of those of some sources that have been held back for long since when they are."""
        long = [source for source in sorted(self._held) if source in sources and self._is_long(source, now)]
        return " ".join(self._sentence(source) for source in long)

    def _is_long(self, source: Source, now: int) -> bool:
        return now - self._held[source].since >= LONG_SECONDS * SECOND

    def _sentence(self, source: Source) -> str:
        topic, partition = self._names.tp(source)
        readable, end, since = self._held[source]
        return (
            f"{topic}/{partition} can be read up to offset {readable} and ends at {end}: a transaction of "
            f"some producer has been open since {format_time(since)} or longer, and what stands behind it "
            "waits. `kpis check` names the producer."
        )

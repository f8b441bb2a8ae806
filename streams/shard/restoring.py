"""Shards from their journals: claimed before they are read, built once they are."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from faust.types import TP

from connections.topics import state_topics
from models.campaigns.registry import Registry
from models.settings import Settings
from models.state.delta import Source
from models.state.delta_format import decode_delta
from models.state.shard_state import ShardState
from streams.journal.journal import Journal
from streams.journal.store import JournalStore
from streams.journal.writer import Fenced, JournalWriter
from streams.kafka.recreated import refuse_shorter
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard

log = logging.getLogger(__name__)

Ends = Mapping[TP, tuple[int, int]]


class UnusableState(Exception):
    """What is stored cannot be replayed; the message tells why and what to do."""


class Restorer:
    """Takes shards over, and keeps those that come back to the same worker."""

    def __init__(
        self,
        settings: Settings,
        owner: Callable[[str], int],
        names: Mapping[str, str],
        store: JournalStore,
        writer: JournalWriter,
        outbox: Outbox,
    ) -> None:
        self._settings = settings
        self._owner = owner
        self._names = names
        self._store = store
        self._writer = writer
        self._outbox = outbox
        self._parked: dict[int, tuple[Shard, int]] = {}

    async def claim(self, partitions: set[int]) -> None:
        """Claim shards; hold no others.

        Raises:
            KafkaError: the broker did not acknowledge a claim.

        """
        self._parked = {number: parked for number, parked in self._parked.items() if number in partitions}
        await self._writer.claim(partitions)

    def park(self, shards: Mapping[int, Shard]) -> None:
        """Keep shards that leave with all their changes stored: most come back after a rebalance."""
        self._parked = {
            number: (shard, self._store.journals[number].last) for number, shard in shards.items()
        }

    def forget(self) -> None:
        """Keep nothing: what is in memory may be ahead of what is stored."""
        self._parked = {}
        self._store.open({})

    async def restore(self, registry: Registry, ends: Ends, now: int) -> dict[int, Shard]:
        """Give the shards of what is assigned; `ends` are first and next offsets of their sources.

        Raises:
            UnusableState: a journal is of another release, or has a hole.
            TopicRecreated: a source ends before what was applied of it.
            Fenced: another worker has claimed a shard since.

        """
        partitions = sorted({tp.partition for tp in ends})
        shards = {}
        for number in partitions:
            own = {self._source(tp): offsets for tp, offsets in ends.items() if tp.partition == number}
            shards[number] = await self._shard(number, own, registry, len(partitions), now)
            log.info("restored partition %d, %d of %d", number, len(shards), len(partitions))
        self._parked = {}
        return shards

    async def _shard(
        self, number: int, ends: Mapping[Source, tuple[int, int]], registry: Registry, share: int, now: int
    ) -> Shard:
        journal = self._journal(number)
        parked, last = self._parked.get(number, (None, 0))
        if parked is not None and last == journal.last:
            self._refuse_shorter(parked.fold, ends)
            parked.fold.duplicates.capacity = self._ids(share)
            parked.begin(ends)
            return parked
        fold = self._new_fold(registry, number, share)
        await asyncio.to_thread(self._replay, fold, journal, now)
        if any(self._owner(campaign) != number for campaign in fold.leaf_counts()):
            raise self._unusable("it was counted with another number of partitions")
        self._refuse_shorter(fold, ends)
        return Shard(number, fold, ends, self._outbox, self._settings.topic_prefix)

    def _refuse_shorter(self, fold: ShardState, ends: Mapping[Source, tuple[int, int]]) -> None:
        refuse_shorter(
            {self._tp(source): fold.positions.get(source, 0) for source in ends},
            {self._tp(source): end for source, (_, end) in ends.items()},
            state_topics(self._settings),
        )

    def _journal(self, number: int) -> Journal:
        journal = self._store.journals.get(number)
        problem = self._store.problem
        if journal is None or not self._writer.is_ours(number):
            raise Fenced(f"partition {number} was claimed by another worker meanwhile")
        if problem:
            raise self._unusable(problem)
        return journal

    def _replay(self, fold: ShardState, journal: Journal, now: int) -> None:
        try:
            journal.require_whole()
            fold.expire(now)
            for run in journal.runs:
                fold.replay(decode_delta(run.data))
        except ValueError as error:
            raise self._unusable(error) from error

    def _unusable(self, problem: object) -> UnusableState:
        topics = " and ".join(state_topics(self._settings))
        remedy = (
            f"Use another KPIS_GROUP, or delete {topics} to count anew from the topics; or "
            "leave it, and count anew with `kpis worker --rebuild`"
        )
        return UnusableState(f"The stored state cannot be used: {problem}. {remedy}.")

    def _new_fold(self, registry: Registry, number: int, share: int) -> ShardState:
        return ShardState(
            registry,
            assume_consent=self._settings.assume_consent,
            duplicate_ids=self._ids(share),
            max_leaves=self._settings.max_leaves,
            shard=number,
            owner=self._owner,
        )

    def _ids(self, share: int) -> int:
        """Divide the worker's memory of event ids among the shards that share it."""
        return max(1000, self._settings.duplicate_ids // share)

    def _source(self, tp: TP) -> Source:
        return self._names[tp.topic], tp.partition

    def _tp(self, source: Source) -> Any:
        topics: Iterable[str] = (full for full, plain in self._names.items() if plain == source[0])
        return TP(next(iter(topics)), source[1])

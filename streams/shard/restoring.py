"""Build shards from their journals, or take those that were kept; refuse state that cannot be used."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from connections.topics import state_topics
from models.campaigns.registry import Registry
from models.core.hashing import KEY_BYTES
from models.settings import Settings
from models.state.delta_format import decode_delta
from models.state.shard_state import ShardState
from streams.journal.journal import Journal
from streams.journal.journals import Journals
from streams.journal.writer import Fenced, JournalWriter
from streams.kafka.halt import UnusableState, unusable
from streams.kafka.recreated import refuse_shorter
from streams.kafka.sources import SourceNames
from streams.rating.rating import Rating
from streams.shard.assignment import Assignment
from streams.shard.forwarding import Outbox
from streams.shard.shard import Bounds, Shard

log = logging.getLogger(__name__)


class Restorer:
    """Claims shards and restores them; keeps those that come back to the same worker.

    `owner` returns the number of the shard that a campaign belongs to; `new_key`, so many random bytes that
    nobody can foresee. `replayed` counts what was replayed, for who watches whether it comes further. Without
    a `rating` texts are not rated.
    """

    def __init__(
        self,
        settings: Settings,
        owner: Callable[[str], int],
        journals: Journals,
        writer: JournalWriter,
        outbox: Outbox,
        new_key: Callable[[int], bytes],
        rating: Rating | None = None,
    ) -> None:
        self._settings = settings
        self._names = SourceNames(settings)
        self._owner = owner
        self._journals = journals
        self._writer = writer
        self._outbox = outbox
        self._new_key = new_key
        self._rating = rating
        self.replayed = 0
        self._kept: dict[int, tuple[Shard, int]] = {}

    def assignment(self, partitions: Iterable[int]) -> Assignment:
        """Make the assignment of partitions that are to be claimed."""
        return Assignment(partitions, self._owner)

    async def claim(self, partitions: set[int]) -> None:
        """Claim shards, and hold no others.

        Raises:
            KafkaError: the broker did not acknowledge a claim.

        """
        self._kept = {number: kept for number, kept in self._kept.items() if number in partitions}
        await self._writer.claim(partitions)

    def is_due(self) -> bool:
        """Return whether all that was claimed last is ours to restore."""
        return self._writer.is_claimed()

    def keep(self, shards: Mapping[int, Shard]) -> None:
        """Keep shards that leave with all their changes stored: most come back after a rebalance."""
        self._kept |= {number: (shard, self._journals.held[number].last) for number, shard in shards.items()}

    def forget(self) -> None:
        """Keep nothing: what is in memory may be ahead of what is stored."""
        self._kept = {}
        self._journals.open({})

    async def restore(self, registry: Registry, bounds: Bounds, now: int) -> dict[int, Shard]:
        """Return the shards whose sources have these bounds; `now` is in microseconds.

        Raises:
            UnusableState: a journal is of another release, or lacks something.
            TopicRecreated: a source ends before what was applied of it.
            Fenced: another worker has claimed a shard since.

        """
        numbers = sorted({number for _, number in bounds})
        shards = {}
        for number in numbers:
            own = {source: found for source, found in bounds.items() if source[1] == number}
            shards[number] = await self._shard(number, own, registry, len(numbers), now)
            log.info("restored partition %d, %d of %d", number, len(shards), len(numbers))
        self._kept = {}
        return shards

    async def _shard(self, number: int, bounds: Bounds, registry: Registry, share: int, now: int) -> Shard:
        journal = await self._journal(number)
        kept, last = self._kept.get(number, (None, 0))
        if kept is not None and last == journal.last:
            self._refuse_shorter(kept.state, bounds)
            kept.state.duplicates.capacity = self._ids(share)
            kept.state.judge.most = self._judge_bytes(share)
            kept.begin(bounds)
            return kept
        state = self._new_state(registry, number, share)
        await asyncio.to_thread(self._replay, state, journal, number, now)
        self._refuse_strangers(state, number)
        self._refuse_shorter(state, bounds)
        return Shard(number, state, bounds, self._outbox, self._settings.topic_prefix, self._rating)

    async def try_state(self, number: int, registry: Registry, bounds: Bounds, now: int) -> None:
        """Do what restoring a partition does, without claiming it.

        Raises:
            Halt: what is stored cannot be used.
            KafkaError: the broker does not answer.

        """
        journal = await self._read_journal(number)
        state = self._new_state(registry, number, 1)
        await asyncio.to_thread(self._replay, state, journal, number, now)
        self._refuse_strangers(state, number)
        self._refuse_shorter(state, bounds)

    async def _read_journal(self, number: int) -> Journal:
        with self._refusing(number):
            return await self._writer.read_journal(number)

    def _refuse_strangers(self, state: ShardState, number: int) -> None:
        if any(self._owner(campaign) != number for campaign in state.leaf_counts()):
            raise self._unusable("it was counted with another number of partitions", number)

    def _refuse_shorter(self, state: ShardState, bounds: Bounds) -> None:
        refuse_shorter(
            {source: state.positions.get(source, 0) for source in bounds},
            {source: end for source, (_, end) in bounds.items()},
            self._names,
            state_topics(self._settings),
        )

    async def _journal(self, number: int) -> Journal:
        with self._refusing(number):
            await self._writer.complete(number)
        journal, problem = self._journals.held.get(number), self._journals.problems.get(number)
        if journal is None or not self._writer.is_ours(number):
            raise Fenced(f"partition {number} was claimed by another worker meanwhile")
        if problem:
            raise self._unusable(problem, number)
        return journal

    def _replay(self, state: ShardState, journal: Journal, number: int, now: int) -> None:
        with self._refusing(number):
            journal.require_whole()
            state.expire(now)
            for run in journal.runs:
                state.replay(decode_delta(run.data))
                self.replayed += 1
            # In this thread: the event loop, which would do it at the next interaction, has others waiting.
            state.judge.take_back()

    @contextmanager
    def _refusing(self, number: int) -> Iterator[None]:
        """Say of what cannot be read of a journal how to go on."""
        try:
            yield
        except ValueError as error:
            raise self._unusable(error, number) from error

    def _unusable(self, problem: object, number: int) -> UnusableState:
        return unusable(self._settings, problem, number)

    def _new_state(self, registry: Registry, number: int, share: int) -> ShardState:
        return ShardState(
            registry,
            key=self._new_key(KEY_BYTES),
            assume_consent=self._settings.assume_consent,
            duplicate_ids=self._ids(share),
            max_leaves=self._settings.max_leaves,
            judge_bytes=self._judge_bytes(share),
            shard=number,
            owner=self._owner,
        )

    def _ids(self, share: int) -> int:
        """Divide the worker's memory of event ids among the shards that share it."""
        return max(1000, self._settings.duplicate_ids // share)

    def _judge_bytes(self, share: int) -> int:
        return self._settings.judge_bytes // share

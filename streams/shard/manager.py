"""Keep the shards of what is assigned: apply what comes, store what changed, let go of what leaves.

Invariants:
1. A delta is sent after the dead letters and forwarded events that it implies are acknowledged, and is stored
   whole or not at all.
2. Reading starts where the last stored delta ends. So a crash at any moment loses and doubles nothing.
3. What comes is applied only at the position it must follow; what strays is dropped and read again.
4. What was not stored when partitions are revoked is thrown away, and read again by whoever owns them.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from faust.types import TP

from models.campaigns.registry import Registry
from models.readings.pipeline import Histogram
from models.state.compaction import compact
from models.state.delta import Source
from models.state.shard_states import ShardStates
from models.times import SECOND
from streams.journal.versioned import OtherRelease
from streams.kafka.fetched import Fetched
from streams.kafka.recreated import TopicRecreated
from streams.shard.assignment import Holdings
from streams.shard.backpressure import Backpressure
from streams.shard.catching_up import CatchingUp
from streams.shard.gap_detector import GapDetector
from streams.shard.lease import Lease
from streams.shard.micro_batch import MicroBatch
from streams.shard.restoring import Restorer, UnusableState
from streams.shard.shard import Shard
from streams.shard.storing import Storage

log = logging.getLogger(__name__)

FLUSH_EVERY_SECONDS = 1.0
FLUSH_DEADLINE_SECONDS = 120.0
_REVOKE_SECONDS = 10.0
_APPLY_WITHIN_SECONDS = 0.05
_LARGEST_BATCH = 4_000

Clock = Callable[[], int]
FailStop = Callable[[str], NoReturn]


class ShardManager:
    """Does what is to be done with what a worker holds. All methods run in the app's event loop.

    `clock` gives microseconds; `fail_stop` ends the process before an event would be lost or doubled. What is
    not stored `release_within` so many seconds when partitions leave is thrown away.
    """

    def __init__(
        self,
        registry: Registry,
        holdings: Holdings,
        membership: Lease,
        clock: Clock,
        fail_stop: FailStop,
        release_within: float = _REVOKE_SECONDS,
    ) -> None:
        self.freshness = Histogram()
        self.durable: dict[int, float] = {}
        self.registry = registry
        self.holdings = holdings
        self._lease = membership
        self._clock = clock
        self._fail_stop = fail_stop
        self._release_within = release_within
        self._gaps = GapDetector()
        self._batch = MicroBatch()
        self._releases = 0
        self._backpressure = Backpressure()
        self._flushing = asyncio.Lock()
        self._shortening: asyncio.Task[None] | None = None

    def connect(self, app: Any, restorer: Restorer, storage: Storage) -> None:
        """Tell the keeper which app it serves, where its state comes from and where it goes."""
        self._app = app
        self._restorer = restorer
        self._storage = storage
        self._catching_up = CatchingUp(app, self.holdings, storage)

    def use(self, registry: Registry) -> None:
        """Take a changed registry, for the records that come from here on."""
        if self._batch:
            self._apply()
        self.registry = registry
        for shard in self._shards.values():
            shard.fold.use(registry)

    @property
    def shown(self) -> ShardStates:
        """The folds that may be shown: of shards that are live, while the group surely counts on us."""
        return self.holdings.live if self._lease.holds else ShardStates({}, lambda _: 0)

    @property
    def cut_off(self) -> bool:
        """Tell whether the group was not heard of for a session."""
        return bool(self._shards) and not self._lease.holds

    @property
    def _shards(self) -> dict[int, Shard]:
        return self.holdings.shards

    async def room(self) -> None:
        """Wait while more is unflushed than may be held."""
        await self._backpressure.wait()

    def accept(self, fetched: Fetched) -> None:
        """Take what was fetched, to be applied within moments; what strays is dropped and read again."""
        source = self.holdings.place(fetched.tp)
        shard = self._shards.get(fetched.tp.partition)
        start = 0 if shard is None else self._next(shard, source)
        if shard is None or fetched.end <= start:
            return
        if fetched.start > start:
            self._gaps.add(fetched.tp)
            return
        # What was sought again may overlap with what waits from before.
        fetched = fetched.since(start)
        if not self._batch:
            asyncio.get_running_loop().call_later(_APPLY_WITHIN_SECONDS, self._apply)
        self._batch.add(source, fetched)
        self._backpressure.take(len(fetched.records))
        if self._batch.size >= _LARGEST_BATCH:
            self._apply()

    def positions(self) -> dict[TP, int]:
        """Give the next offset to read of each source partition that is restored."""
        return {
            self.holdings.tp(source): max(position, self._batch.next_offset(source))
            for source, position in self.holdings.positions().items()
        }

    async def claim(self, partitions: set[int]) -> None:
        """Claim what is assigned; end where that cannot be written."""
        self.holdings.claimed = set(partitions)
        try:
            await self._restorer.claim(partitions)
        except Exception as error:
            self._fail_stop(f"The partitions could not be claimed ({error!r}).")

    async def restore(self) -> None:
        """Take the shards of what is assigned, once their journals are read."""
        releases = self._releases
        try:
            ends = await self._app.consumer.source_offsets()
            shards = await self._restorer.restore(self.registry, ends, self._clock())
            if releases == self._releases:  # Else they left meanwhile: whoever has them now restores them.
                self._take(shards)
        except (TopicRecreated, UnusableState) as error:
            self._fail_stop(str(error))
        except Exception as error:
            if self._app.should_stop or releases != self._releases:
                return  # Whatever failed, it is of what left.
            # Faust would only log it and go on without state.
            log.exception("the state could not be restored")
            self._fail_stop(f"The state could not be restored ({error!r}).")

    async def release(self) -> None:
        """Own nothing; store what was applied, within a limit. What cannot be stored is thrown away."""
        self._apply()
        self._releases += 1
        shards = self.holdings.let_go()
        self._lease.end()
        self._gaps.clear()
        self.durable.clear()
        self._backpressure.empty()
        try:
            async with asyncio.timeout(self._release_within), self._flushing:
                await self._storage.store(shards)
            self._restorer.park(shards)
        except Exception as error:
            self._storage.clear()
            self._restorer.forget()
            log.warning("not stored before the partitions left, and so to be read again: %r", error)

    async def run(self) -> None:
        """Flush every second, sooner where much has come, until cancelled."""
        while True:
            await self._backpressure.fill(FLUSH_EVERY_SECONDS)
            await self.flush()
            if self._shortening is None or self._shortening.done():
                # Beside the flushes: a large snapshot takes longer than the group waits to hear of us.
                self._shortening = asyncio.create_task(self._shorten())
            await self._read_strayed_again()
            self._catching_up.look()

    async def flush(self) -> None:
        """Store all that changed since the last flush, and commit the positions that are then durable."""
        async with self._flushing:
            self._apply()
            shards, releases = dict(self._shards), self._releases
            self._backpressure.empty()
            durable = {self.holdings.tp(source): at for source, at in self.holdings.positions().items()}
            for shard in shards.values():
                shard.fold.expire(self._clock())
            try:
                async with asyncio.timeout(FLUSH_DEADLINE_SECONDS):
                    await self._storage.store(shards)
            except Exception as error:
                if releases != self._releases:
                    return  # They left meanwhile: what is not stored is thrown away.
                # What was acknowledged is not known, so nothing may go on from here.
                log.exception("the state could not be stored")
                self._fail_stop(f"The state could not be stored ({error!r}).")
        if releases == self._releases:
            self.durable.update(dict.fromkeys(shards, self._clock() / SECOND))
            self._lease.renew(self._app.consumer, durable)

    def _take(self, shards: dict[int, Shard]) -> None:
        self._batch.clear()
        self.holdings.take(shards)
        for shard in shards.values():
            shard.fold.use(self.registry)
            shard.fold.expire(self._clock())
        self._lease.renew(self._app.consumer, self.positions())
        log.info(
            "restored %d partitions; %d have records waiting", len(shards), len(self.holdings.recovering)
        )
        self._catching_up.look()

    def _next(self, shard: Shard, source: Source) -> int:
        """Tell where what comes next must begin: what waits to be applied is taken."""
        return max(shard.position(source), self._batch.next_offset(source))

    def _apply(self) -> None:
        """Apply all that waits."""
        for source, records, end in self._batch.take():
            shard = self._shards.get(source[1])
            if shard is None:
                continue
            try:
                arrivals = shard.apply(source, records, end)
                self.freshness.observe_ages(arrivals, self._clock())
                # A record of what is forwarded is up to a thousand events.
                self._backpressure.take(max(0, len(arrivals) - len(records)))
            except OtherRelease as error:
                self._fail_stop(f"Forwarded events cannot be read: {error}. Run one release on all workers.")
            except Exception:
                log.exception("records could not be applied")
                where = f"{source[0]}/{source[1]} up to offset {end}"
                self._fail_stop(f"Records could not be applied ({where}): a defect of campaign-kpis.")
        self._catching_up.look()

    async def _shorten(self) -> None:
        """Write a snapshot of a shard where its journal has become long."""
        releases = self._releases
        for number, shard in list(self._shards.items()):
            # To compact forgets ids that a partition which is still behind may have copies of.
            if shard.live and self._storage.is_long(number):
                try:
                    await self._storage.shorten(number, partial(compact, now=self._clock()))
                except Exception as error:
                    if releases == self._releases:  # Else it left meanwhile, and with it its journal.
                        self._fail_stop(f"A snapshot could not be stored ({error!r}).")
                return

    async def _read_strayed_again(self) -> None:
        fetched = self._app.consumer.fetched
        waiting = {tp: position for tp, position in self.positions().items() if position < fetched(tp)}
        strayed = self._gaps.take(waiting)
        if not strayed:
            return
        releases = self._releases
        try:
            ends = await self._app.consumer.source_offsets()
            if releases == self._releases:
                self._skip_deleted({tp: ends[tp][0] for tp in strayed})
            await self._app.consumer.seek_to({tp: at for tp, at in self.positions().items() if tp in strayed})
        except Exception as error:
            # They leave, or the broker is away: what stands still is sought once more.
            log.info("what strayed is not read again yet: %r", error)

    def _skip_deleted(self, firsts: Mapping[TP, int]) -> None:
        """Go on where the log of a source begins: else what was deleted would be sought for ever."""
        self._apply()
        for tp, first in firsts.items():
            self._shards[tp.partition].skip_deleted(self.holdings.place(tp), first)

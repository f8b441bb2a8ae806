"""The shards of what is assigned: claimed, restored, flushed every second, released.

Invariants:
1. A delta is sent after the dead letters and forwarded events that it implies are acknowledged, and is stored
   whole or not at all.
2. Reading starts where the last stored delta ends. So a crash at any moment loses and doubles nothing.
3. What comes is applied only at the position it must follow (streams.shard.intake).
4. What was not stored when partitions are revoked is thrown away, and read again by whoever owns them.
5. What is shown beyond that, the group gives to nobody else meanwhile (streams.shard.parked).
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import NoReturn

from models.campaigns.registry import Registry
from models.readings.pipeline import Histogram
from models.state.delta import Source
from models.state.shard_states import ShardStates
from models.times import SECOND
from streams.kafka.app import REQUEST_SECONDS
from streams.kafka.fetched import Fetched
from streams.kafka.halt import Halt, RecordRefused
from streams.kafka.shares import Holding
from streams.kafka.sources import Sources
from streams.rating.rating import Rating
from streams.shard.assignment import Assignment
from streams.shard.backpressure import Backpressure
from streams.shard.catching_up import CatchingUp
from streams.shard.intake import Intake
from streams.shard.lease import Lease
from streams.shard.parked import Parked
from streams.shard.restoring import Restorer
from streams.shard.shard import Shard
from streams.shard.snapshots import Snapshots
from streams.shard.storing import Storage

log = logging.getLogger(__name__)

FLUSH_EVERY_SECONDS = 1.0
NOTHING = ShardStates({}, lambda _: 0)
_REVOKE_SECONDS = 10.0

Clock = Callable[[], int]
FailStop = Callable[[str], NoReturn]


class ShardManager:
    """Holds what is assigned to one worker. All methods run in the app's event loop.

    `clock` returns microseconds; `fail_stop` ends the process before an event would be lost or doubled. When
    partitions leave, what is not stored within `release_within` seconds is thrown away.
    """

    def __init__(
        self,
        registry: Registry,
        sources: Sources,
        restorer: Restorer,
        storage: Storage,
        lease: Lease,
        clock: Clock,
        fail_stop: FailStop,
        release_within: float = _REVOKE_SECONDS,
        rating: Rating | None = None,
    ) -> None:
        self.freshness = Histogram()
        self.halt: Halt | None = None
        """What must be mended before the shards can go on."""
        self.registry = registry
        self._sources = sources
        self._restorer = restorer
        self._storage = storage
        self._lease = lease
        self._parked = Parked(lease)
        self._clock = clock
        self._fail_stop = fail_stop
        self._release_within = release_within
        self._rating = rating
        self._backpressure = Backpressure()
        self._flushing = asyncio.Lock()
        self._snapshots = Snapshots(storage.writer, clock, fail_stop)
        self._hold(restorer.assignment(()))

    def _hold(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._catching_up = CatchingUp(assignment, self._sources, self._storage)
        self._intake = Intake(
            assignment, self._catching_up, self._backpressure, self.freshness, self._clock, self._fail_stop
        )

    def use(self, registry: Registry) -> None:
        """Take a changed registry, for the records that come from here on."""
        self._intake.apply()
        self.registry = registry
        for state in {**self._parked.states, **self.assignment.states}.values():
            state.use(registry)

    @property
    def shown(self) -> ShardStates:
        """The states that may be shown: live or parked, while the group surely counts on us."""
        return self.assignment.shown(self._parked.states) if self._lease.holds else NOTHING

    @property
    def cut_off(self) -> bool:
        """Whether the group was not heard of for a session."""
        assignment = self.assignment
        return bool(assignment.shards or assignment.stands_by) and not self._lease.holds

    @property
    def waits(self) -> bool:
        """Whether it waits until a former worker of its name surely shows nothing."""
        return self._lease.waits

    async def wait_for_room(self) -> None:
        """Wait while more is unflushed than may be held; or unrated, of what is old anyhow."""
        await self._backpressure.wait()
        if self._rating is not None:
            await self._rating.wait()

    def accept(self, source: Source, fetched: Fetched) -> None:
        """Take what was fetched, to be applied within moments."""
        self._intake.accept(source, fetched)

    def positions(self) -> Mapping[Source, int]:
        """Return the next offset to read of each source that is restored."""
        return self._intake.positions()

    def applied(self) -> Mapping[Source, int]:
        """Return the next offset to apply of each source that is restored."""
        return self.assignment.positions()

    async def claim(self, partitions: set[int]) -> None:
        """Claim what is assigned; end the process if that cannot be written."""
        # What is not stored by now would be written under a claim that its shards know nothing of.
        self.assignment.discard()
        self._parked.claim(partitions)
        self._hold(self._restorer.assignment(partitions))
        self._lease.renew({})
        try:
            await self._restorer.claim(partitions)
        except RecordRefused as refused:
            self.halt = refused
        except Exception as error:
            self._fail_stop(f"The partitions could not be claimed ({error!r}).")
        self._parked.stay()

    async def restore(self) -> None:
        """Hold the shards of what is assigned, once Faust's recovery has read their journals.

        That of an earlier assignment may come to its end during the claim of this one, or after it.
        """
        assignment = self.assignment
        if assignment.awaits_restore and self._restorer.is_due() and not self.halt:
            await self._restore(assignment)

    async def _restore(self, assignment: Assignment) -> None:
        try:
            bounds = await self._sources.bounds()
            shards = await self._restorer.restore(self.registry, bounds, self._clock())
            if assignment.awaits_restore:  # If it ended, whoever has the partitions now restores them.
                self._begin(assignment, shards)
        except Halt as halt:
            self.halt = halt
        except Exception as error:
            if self._sources.stopping or assignment.ended:
                return  # Whatever failed no longer matters.
            # Faust would only log it and go on without state.
            log.exception("the state could not be restored")
            self._fail_stop(f"The state could not be restored ({error!r}).")

    def _begin(self, assignment: Assignment, shards: Mapping[int, Shard]) -> None:
        self._intake.clear()
        assignment.restore(shards)
        for shard in shards.values():
            shard.state.use(self.registry)
            shard.state.expire(self._clock())
        self._lease.renew(self.positions())
        log.info("restored %d partitions; %d have records waiting", len(shards), len(assignment.recovering))
        self._catching_up.look()

    def holding(self, *, member: bool) -> Holding:
        """Return the claim with which this worker joins the group; called in the consumer's thread."""
        return self._parked.holding(member=member)

    async def keep(self, partitions: set[int]) -> None:
        """Show nothing but these, of what was released, from here on."""
        self._parked.keep(partitions)

    async def replaced(self) -> None:
        """End: another worker has this one's name, and its place in the group."""
        self._fail_stop(
            "Another worker has this one's name (KPIS_INSTANCE), and its place in the consumer group: give "
            "each worker a name of its own."
        )

    def leave(self) -> None:
        """Show nothing any more: this worker leaves the group."""
        self._parked.clear()
        self._lease.end()

    @property
    def replayed(self) -> int:
        """How much of stored state was replayed: a large one takes minutes, in which nothing else moves."""
        return self._restorer.replayed

    @property
    def behind(self) -> bool:
        """Whether anything that is assigned is not live yet; it may be asked in another thread."""
        return bool(self.assignment.recovering)

    async def release(self, *, member: bool) -> None:
        """Own nothing; store what was applied, within a limit. What cannot be stored is thrown away.

        A member of the group goes on showing what it showed, as it is.
        """
        self._intake.apply()
        assignment = self.assignment
        self._parked.park({**self._parked.states, **assignment.live} if member else {})
        if not member:
            self._lease.end()
        shards = assignment.end()
        self._backpressure.empty()
        try:
            async with asyncio.timeout(self._release_within), self._flushing:
                await self._storage.store(assignment, shards)
            self._restorer.keep(shards)
        except Exception as error:
            self._discard(assignment)
            log.warning("not stored before the partitions left, and so to be read again: %r", error)

    def _discard(self, assignment: Assignment) -> None:
        assignment.discard()
        self._storage.forget()
        self._restorer.forget()

    async def run(self) -> None:
        """Flush every second, sooner if much has come, until cancelled."""
        while True:
            await self._backpressure.fill(FLUSH_EVERY_SECONDS)
            await self.flush()
            self._snapshots.look(self.assignment)
            await self._intake.read_gaps_again(self._sources)
            self._catching_up.look()

    async def ask_meanwhile(self) -> None:
        """Ask the group each second that a flush, or a release, waits for the broker, until cancelled.

        Otherwise one that takes a session hides every campaign of a worker that is a member all the time.
        """
        while True:
            await asyncio.sleep(FLUSH_EVERY_SECONDS)
            self.ask()

    def ask(self) -> None:
        """Ask the group whether we are a member, if anything depends on it and a flush is under way."""
        assignment = self.assignment
        if self._flushing.locked() and (assignment.shards or self._parked.states or assignment.stands_by):
            self._lease.renew({})

    async def flush(self) -> None:
        """Store all that changed since the last flush, and commit the positions that are then durable."""
        async with self._flushing:
            self._intake.apply()
            assignment = self.assignment
            shards = assignment.shards
            self._backpressure.empty()
            # Taken before the store: what is applied meanwhile is not in it.
            positions = assignment.positions()
            for shard in shards.values():
                shard.state.expire(self._clock())
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    await self._storage.store(assignment, shards)
            except RecordRefused as refused:
                self._discard(assignment)
                self.halt = refused
            except Exception as error:
                if assignment.ended:
                    return  # What is not stored is thrown away.
                # What was acknowledged is not known, so nothing may go on from here.
                log.exception("the state could not be stored")
                self._fail_stop(f"The state could not be stored ({error!r}).")
        if not assignment.ended:
            assignment.durable_at.update(dict.fromkeys(shards, self._clock() / SECOND))
            self._parked.replace(assignment.live)
        if positions or self._parked.states or assignment.stands_by:
            self._lease.renew({} if assignment.ended else positions)

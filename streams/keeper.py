"""Keep the fold of what is assigned: apply records, store changes, take them back after a restart.

Invariants:
1. A delta is sent after the dead letters that it implies are acknowledged, and is stored whole or not at all.
2. Reading starts where the last stored delta ends. So a crash at any moment loses and doubles nothing.
3. A record is applied only at the position it must follow; what strays is dropped and read again.
4. What was not stored when partitions are revoked is thrown away and read again by whoever owns them.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

from faust.types import TP

from models.campaigns import Registry
from models.delta import Delta
from models.fold import Fold
from models.pipeline import Histogram
from models.settings import Settings
from models.settling import settle
from models.times import SECOND
from streams.changelog import Changelog, UnusableState
from streams.dead_letters import DeadLetter, dead_letter
from streams.inbox import Inbox, batch_of
from streams.recreated import TopicRecreated, refuse_shorter
from streams.room import Room
from streams.strays import Strays

log = logging.getLogger(__name__)

FLUSH_EVERY_SECONDS = 1.0
FLUSH_DEADLINE_SECONDS = 120.0
_REVOKE_SECONDS = 10.0
_APPLY_WITHIN_SECONDS = 0.02
_LARGEST_BATCH = 2_000

Clock = Callable[[], int]
FailStop = Callable[[str], NoReturn]


class Keeper:
    """The state of one worker. All methods run in the app's event loop.

    `clock` gives microseconds; `fail_stop` ends the process before an event would be lost or doubled.
    """

    def __init__(self, settings: Settings, registry: Registry, clock: Clock, fail_stop: FailStop) -> None:
        self.freshness = Histogram()
        self.durable: dict[int, float] = {}
        self.registry = registry
        self._settings = settings
        self._clock = clock
        self._fail_stop = fail_stop
        self._fold: Fold | None = None
        self._targets: dict[TP, int] = {}
        self._starts: dict[TP, int] = {}
        self._strays = Strays()
        self._inbox = Inbox()
        self._refused: list[DeadLetter] = []
        self._releases = 0
        self._room = Room()
        self._flushing = asyncio.Lock()

    def connect(self, app: Any, changelog: Changelog) -> None:
        """Tell the keeper which app it serves and where its state is stored."""
        self._app = app
        self._changelog = changelog

    def use(self, registry: Registry) -> None:
        """Take a changed registry, for the records that come from here on."""
        self._apply()
        self.registry = registry
        if self._fold is not None:
            self._fold.use(registry)

    @property
    def fold(self) -> Fold | None:
        """The state of all that is assigned, or None while it is not whole."""
        return None if self._targets else self._fold

    @property
    def held(self) -> Fold | None:
        """The state of all that is assigned, whole or catching up."""
        return self._fold

    @property
    def assigned(self) -> set[int]:
        """The partitions that are assigned and restored."""
        return {tp.partition for tp in self._starts}

    @property
    def recovering(self) -> set[int]:
        """The partitions whose waiting records are not all applied yet."""
        return {tp.partition for tp in self._targets}

    def position(self, topic: str, partition: int) -> int | None:
        """Tell the next offset of a source that is to be applied; None where it is not assigned."""
        tp = TP(self._settings.topic_prefix + topic, partition)
        return self._applied(tp) if tp in self._starts else None

    async def read_to(self, topic: str, partition: int) -> int | None:
        """Tell how far a source is read; None where that is not known or what was read is not all applied."""
        return await self._read_to(TP(self._settings.topic_prefix + topic, partition))

    async def room(self) -> None:
        """Wait while more is unflushed than a flush should hold."""
        await self._room.wait()

    def accept(self, message: Any) -> None:
        """Take one record, to be applied within moments; dropped where it does not follow, and read again."""
        tp = TP(message.topic, message.partition)
        if self._fold is None or tp not in self._starts:
            return
        position = self._position(tp)
        if self._app.consumer.gap_start(tp, message.offset) > position:
            self._strays.add(tp)
            return
        if message.offset < position:
            return
        if not self._inbox.size:
            asyncio.get_running_loop().call_later(_APPLY_WITHIN_SECONDS, self._apply)
        self._inbox.add(tp, message)
        self._room.take()
        if self._inbox.size >= _LARGEST_BATCH:
            self._apply()

    def positions(self) -> dict[TP, int]:
        """Give the next offset to apply of each source partition that is restored."""
        return {tp: self._position(tp) for tp in self._starts}

    async def restore(self) -> None:
        """Build the fold of the assigned partitions, once the table holds all of the changelog."""
        try:
            releases = self._releases
            offsets = await self._app.consumer.source_offsets()
            await self._restore(offsets, releases)
        except (TopicRecreated, UnusableState) as error:
            self._fail_stop(str(error))
        except Exception as error:
            if self._app.should_stop:
                return
            # Faust would only log it and go on without state.
            log.exception("the state could not be restored")
            self._fail_stop(f"The state could not be restored ({error!r}).")

    async def _restore(self, offsets: Mapping[TP, tuple[int, int]], releases: int) -> None:
        fold = Fold(
            self.registry,
            assume_consent=self._settings.assume_consent,
            duplicate_ids=self._settings.duplicate_ids,
            max_leaves=self._settings.max_leaves,
        )
        fold.expire(self._clock())
        partitions = {tp.partition for tp in offsets}
        await self._changelog.restore(fold, partitions, lambda: self._releases == releases)
        if releases != self._releases:
            return  # The partitions left while their rows were read: whoever has them now restores them.
        stored = {tp: fold.positions.get(tp.partition, {}).get(self._plain(tp.topic), 0) for tp in offsets}
        refuse_shorter(stored, {tp: end for tp, (_, end) in offsets.items()}, self._changelog.topic)
        fold.use(self.registry)
        fold.expire(self._clock())
        self._starts = {tp: max(stored[tp], first) for tp, (first, _) in offsets.items()}
        self._targets = {tp: end for tp, (_, end) in offsets.items() if end > self._starts[tp]}
        self._fold = fold
        log.info("restored %d partitions; %d have records waiting", len(self.assigned), len(self.recovering))

    async def revoke(self) -> None:
        """Store what was applied before another may own it; end where that fails.

        What was sent and not acknowledged may yet be written, after another has read the state.
        """
        if not await self.release():
            self._fail_stop("What was applied could not be stored before the partitions left.")

    async def release(self) -> bool:
        """Store what was applied, within a limit, and own nothing; tell whether it is stored."""
        self._apply()
        self._releases += 1
        fold, self._fold = self._fold, None
        self._starts, self._targets = {}, {}
        self._strays.clear()
        self.durable.clear()
        self._room.empty()
        if fold is None:
            return True
        refused, deltas = self._take(fold)
        try:
            async with asyncio.timeout(_REVOKE_SECONDS), self._flushing:
                await self._store(refused, deltas)
        except Exception as error:
            log.warning("not stored before the partitions left, and so to be read again: %r", error)
            return False
        return True

    async def run(self) -> None:
        """Flush every second, sooner where much has come, until cancelled."""
        while True:
            await self._room.fill(FLUSH_EVERY_SECONDS)
            await self.flush()
            await self._tidy()
            await self._read_strayed_again()
            await self._catch_up()

    async def flush(self) -> None:
        """Store all that changed since the last flush, and commit the positions that are then durable."""
        async with self._flushing:
            if self._fold is None:
                return
            self._apply()
            refused, deltas = self._take(self._fold)
            try:
                async with asyncio.timeout(FLUSH_DEADLINE_SECONDS):
                    await self._store(refused, deltas)
            except Exception as error:
                # What was acknowledged is not known, so nothing may go on from here.
                log.exception("the changelog could not be written")
                self._fail_stop(f"The changelog could not be written ({error!r}).")
            if self._fold is not None:
                await self._commit(deltas)

    def _position(self, tp: TP) -> int:
        """Tell the offset that the next record must have: what waits to be applied is taken."""
        return max(self._applied(tp), self._inbox.next_offset(tp))

    def _applied(self, tp: TP) -> int:
        positions = self._fold.positions.get(tp.partition, {}) if self._fold else {}
        return max(self._starts[tp], positions.get(self._plain(tp.topic), 0))

    def _apply(self) -> None:
        """Apply all that waits."""
        for tp, messages in self._inbox.take():
            try:
                if self._fold is not None:
                    self._apply_batch(self._fold, tp, messages)
            except Exception:
                log.exception("records could not be applied")
                where = f"{tp.topic}/{tp.partition} from offset {messages[0].offset} on"
                self._fail_stop(f"Records could not be applied ({where}): a defect of campaign-kpis.")

    def _apply_batch(self, fold: Fold, tp: TP, messages: list[Any]) -> None:
        batch = batch_of(self._plain(tp.topic), messages)
        self._refused += [dead_letter(messages[index], refusal) for index, refusal in fold.apply(batch)]
        self.freshness.observe_ages(batch.arrivals, self._clock())
        if batch.offsets[-1] + 1 >= self._targets.get(tp, math.inf):
            del self._targets[tp]

    def _take(self, fold: Fold) -> tuple[list[DeadLetter], dict[int, Delta]]:
        refused, self._refused = self._refused, []
        self._room.empty()
        fold.expire(self._clock())
        return refused, fold.cut()

    async def _store(self, refused: list[DeadLetter], deltas: Mapping[int, Delta]) -> None:
        await self._changelog.store(refused, deltas)
        self.durable.update(dict.fromkeys(self.assigned, self._clock() / SECOND))

    async def _tidy(self) -> None:
        if self._targets:
            return  # To settle forgets ids that a partition which is still behind may have copies of.
        forget, releases = partial(settle, now=self._clock()), self._releases
        for partition in self.assigned:
            await self._changelog.tidy(partition, forget, lambda: self._releases == releases)

    async def _commit(self, deltas: Mapping[int, Delta]) -> None:
        positions = {
            TP(self._settings.topic_prefix + topic, partition): offset
            for partition, delta in deltas.items()
            for topic, offset in delta.end.items()
        }
        try:
            await self._app.consumer.commit_positions(positions)
        except Exception as error:
            # Lag tools read it, recovery does not: the next flush commits again.
            log.info("positions not committed: %r", error)

    async def _read_strayed_again(self) -> None:
        fetched = self._app.consumer.fetched
        waiting = {tp: self._position(tp) for tp in self._starts if self._position(tp) < fetched(tp)}
        strayed = self._strays.take(waiting)
        await self._app.consumer.seek_to({tp: self._position(tp) for tp in strayed if tp in self._starts})

    async def _catch_up(self) -> None:
        """Let go of targets that no record will reach: transaction markers end some partitions."""
        for tp, target in list(self._targets.items()):
            read = await self._read_to(tp)
            if read is not None and read >= target:
                self._targets.pop(tp, None)

    async def _read_to(self, tp: TP) -> int | None:
        consumer = self._app.consumer
        read: int | None = await consumer.read_to(tp)
        whole = tp in self._starts and self._applied(tp) >= consumer.fetched(tp)
        return read if whole else None

    def _plain(self, topic: str) -> str:
        return topic.removeprefix(self._settings.topic_prefix)

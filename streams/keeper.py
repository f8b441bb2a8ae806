"""Keep the fold of what is assigned: apply records, store changes, take them back after a restart.

Invariants:
1. Rows are sent after the dead letters they imply are acknowledged, the checkpoint after all rows are.
2. Reading starts at the checkpoint; each additive row skips what it already holds. So a crash between any
   two acknowledgements loses nothing and doubles nothing.
3. A record is applied only at the position it must follow; what strays is dropped and read again.
4. What was not stored when partitions are revoked is thrown away and read again by whoever owns them.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from faust.types import TP

from models.admission import judge
from models.campaigns import Registry
from models.fold import Cut, Fold, Source
from models.parsing import Refusal
from models.pipeline import Histogram
from models.settings import Settings
from models.times import SECOND
from models.topics import INPUT_TOPICS
from streams.changelog import Changelog
from streams.dead_letters import DeadLetter, dead_letter
from streams.recreated import TopicRecreated, refuse_shorter

log = logging.getLogger(__name__)

FLUSH_EVERY_SECONDS = 1.0
FLUSH_DEADLINE_SECONDS = 120.0
MOST_UNFLUSHED = 20_000
_REVOKE_SECONDS = 5.0
_YIELD_EVERY = 5_000
_LOST_AFTER_FLUSHES = 3

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
        self._strayed: set[TP] = set()
        self._standing: dict[TP, tuple[int, int]] = {}
        self._refused: list[DeadLetter] = []
        self._releases = 0
        self._unflushed = 0
        self._room = asyncio.Event()
        self._flushing = asyncio.Lock()

    def connect(self, app: Any, changelog: Changelog) -> None:
        """Tell the keeper which app it serves and where its state is stored."""
        self._app = app
        self._changelog = changelog

    def use(self, registry: Registry) -> None:
        """Take a changed registry."""
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
        return self._position(tp) if tp in self._starts else None

    async def read_to(self, topic: str, partition: int) -> int | None:
        """Tell how far a source is read; None where that is not known or what was read is not all applied."""
        return await self._read_to(TP(self._settings.topic_prefix + topic, partition))

    async def room(self) -> None:
        """Wait while more is unflushed than a flush should hold."""
        while self._unflushed >= MOST_UNFLUSHED and self._fold is not None:
            self._room.clear()
            await self._room.wait()

    def accept(self, message: Any) -> None:
        """Apply one record; it is dropped while nothing is restored, and read again later."""
        if self._fold is None:
            return
        try:
            self._apply(self._fold, message)
        except Exception:
            log.exception("a record could not be applied")
            where = f"{message.topic}/{message.partition} at offset {message.offset}"
            self._fail_stop(f"A record could not be applied ({where}); this is a defect of campaign-kpis.")

    def positions(self) -> dict[TP, int]:
        """Give the next offset to apply of each source partition that is restored."""
        return {tp: self._position(tp) for tp in self._starts}

    async def restore(self) -> None:
        """Build the fold of the assigned partitions, once the table holds all of the changelog."""
        try:
            releases = self._releases
            offsets = await self._app.consumer.source_offsets()
            await self._restore(offsets, releases)
        except TopicRecreated as error:
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
        )
        fold.expire(self._clock())
        await self._restore_rows(fold, self._changelog, {tp.partition for tp in offsets})
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

    async def release(self) -> None:
        """Store what was applied, within a limit, and own nothing."""
        self._releases += 1
        fold, self._fold = self._fold, None
        self._starts, self._targets = {}, {}
        self._strayed.clear()
        self.durable.clear()
        self._room.set()
        if fold is None:
            return
        refused, cuts = self._take(fold)
        try:
            async with asyncio.timeout(_REVOKE_SECONDS), self._flushing:
                await self._store(refused, cuts)
        except Exception as error:
            log.warning("not stored before the partitions left, and so to be read again: %r", error)

    async def run(self) -> None:
        """Flush every second, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_EVERY_SECONDS)
            await self.flush()
            await self._read_strayed_again()
            await self._catch_up()

    async def flush(self) -> None:
        """Store all that changed since the last flush, and commit the positions that are then durable."""
        async with self._flushing:
            if self._fold is None:
                return
            refused, cuts = self._take(self._fold)
            self._room.set()
            try:
                async with asyncio.timeout(FLUSH_DEADLINE_SECONDS):
                    await self._store(refused, cuts)
            except Exception as error:
                # What was acknowledged is not known, so nothing may go on from here.
                log.exception("the changelog could not be written")
                self._fail_stop(f"The changelog could not be written ({error!r}).")
            if self._fold is not None:
                await self._commit(cuts)

    def _position(self, tp: TP) -> int:
        applied = self._fold.positions.get(tp.partition, {}) if self._fold else {}
        return max(self._starts[tp], applied.get(self._plain(tp.topic), 0))

    def _apply(self, fold: Fold, message: Any) -> None:
        tp = TP(message.topic, message.partition)
        if self._app.consumer.gap_start(tp, message.offset) > self._position(tp):
            self._strayed.add(tp)
            return
        topic = self._plain(message.topic)
        source = Source(topic, message.partition, message.offset)
        arrival = round(message.timestamp * 1000) * 1000
        verdict = judge(INPUT_TOPICS[topic], message.value, arrival, self.registry)
        outcome = fold.apply(source, arrival, verdict)
        if outcome is None:
            return
        self._unflushed += 1
        if isinstance(verdict, Refusal):
            self._refused.append(dead_letter(message, verdict))
        self.freshness.observe(max(0.0, (self._clock() - arrival) / SECOND))
        if message.offset + 1 >= self._targets.get(tp, math.inf):
            del self._targets[tp]

    def _take(self, fold: Fold) -> tuple[list[DeadLetter], dict[int, Cut]]:
        refused, self._refused = self._refused, []
        self._unflushed = 0
        fold.expire(self._clock())
        return refused, fold.cut()

    async def _store(self, refused: list[DeadLetter], cuts: Mapping[int, Cut]) -> None:
        await self._changelog.store(refused, cuts)
        self.durable.update(dict.fromkeys(self.assigned, self._clock() / SECOND))

    async def _commit(self, cuts: Mapping[int, Cut]) -> None:
        prefix = self._settings.topic_prefix
        positions = {
            TP(prefix + topic, partition): offset
            for partition, cut in cuts.items()
            for topic, offset in cut.positions.items()
        }
        try:
            await self._app.consumer.commit_positions(positions)
        except Exception as error:
            # Lag tools read it, recovery does not: the next flush commits again.
            log.info("positions not committed: %r", error)

    async def _read_strayed_again(self) -> None:
        """Seek back where a record came ahead of those before it, or never came though it was fetched.

        Faust drops what it has fetched when the group's generation changes, and reads on behind it.
        """
        strayed, self._strayed = self._strayed | self._lost_on_the_way(), set()
        await self._app.consumer.seek_to({tp: self._position(tp) for tp in strayed if tp in self._starts})

    def _lost_on_the_way(self) -> set[TP]:
        waiting = {
            tp: (self._position(tp), self._standing.get(tp, (0, 0)))
            for tp in self._starts
            if self._position(tp) < self._app.consumer.fetched(tp)
        }
        self._standing = {
            tp: (position, flushes + 1 if position == before else 0)
            for tp, (position, (before, flushes)) in waiting.items()
        }
        return {tp for tp, (_, flushes) in self._standing.items() if flushes >= _LOST_AFTER_FLUSHES}

    async def _catch_up(self) -> None:
        """Let go of targets that no record will reach: transaction markers end some partitions."""
        for tp, target in list(self._targets.items()):
            read = await self._read_to(tp)
            if read is not None and read >= target:
                self._targets.pop(tp, None)

    async def _read_to(self, tp: TP) -> int | None:
        consumer = self._app.consumer
        read: int | None = await consumer.read_to(tp)
        whole = tp in self._starts and self._position(tp) >= consumer.fetched(tp)
        return read if whole else None

    async def _restore_rows(self, fold: Fold, changelog: Changelog, partitions: set[int]) -> None:
        for number, (key, value) in enumerate(changelog.rows(partitions)):
            try:
                fold.restore(key, value)
            except ValueError as error:
                self._fail_stop(f"The stored state cannot be read: {error}.")
            if number % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def _plain(self, topic: str) -> str:
        return topic.removeprefix(self._settings.topic_prefix)

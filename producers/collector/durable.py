"""Durable, then answered: a record is acknowledged by Kafka, or on disk, before anybody hears of it.

Kafka is asked first. What it has not acknowledged within a quarter of a second, and what comes while it does
not answer or has more than it can take, goes to the spool, and from there to Kafka through the same sender.

Order: a process brings the records of a partition to Kafka in the order in which it took them on, spooled
or not. What dead processes left in the spool comes first.

Twins: a record may be on its topic twice, with the same bytes and headers, where whoever sends it again
cannot know its outcome: a process was killed, or stopped while Kafka did not answer, with the record on its
way, and its successor finds it in the spool; its partition's leader went away with the record on its way, and
aiokafka gave it up, for there was no other within half a minute; or a disk failed and has it twice.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

from models.settings import Settings
from producers.collector.background import in_background
from producers.collector.connecting import connecting
from producers.collector.drain import drain
from producers.collector.lots import Lot
from producers.collector.not_kept import NeverKept, NotKept
from producers.collector.records import Numbering, Outgoing
from producers.collector.sender import Connect, Sender
from producers.collector.spool import RETRY_SECONDS, Spool
from producers.collector.spool_files import SpoolFiles
from producers.collector.spool_folders import Folder, SpoolUnusable, open_folders
from producers.refusals import in_words

__all__ = ["Durable", "Figures", "NeverKept", "NotKept", "Outgoing", "SpoolUnusable", "open_durable"]

LARGEST_VALUE = 1_000_000
"""Bytes of a record, at most: what topics take where nobody says otherwise; workers take far less."""
LARGEST_KEY = 10_000
_START_SECONDS = 2.0
_STOP_SECONDS = 2.0
"""Five for requests come before it, two to close after it: together fewer than the ten that a process has."""


class Figures(NamedTuple):
    """How it stands, for metrics and readiness.

    `spool_events` and `spool_bytes` are on disk and not acknowledged, the oldest for `oldest_seconds`; the
    spool is full in `seconds_left` at its present pace (None: it does not grow). `damaged_bytes` could not
    be read back, and `refused_events` Kafka will never take: both are set aside in files. `why` says what is
    wrong.
    """

    spool_events: int
    spool_bytes: int
    oldest_seconds: float
    seconds_left: int | None
    damaged_bytes: int
    refused_events: int
    kafka_answers: bool
    why: str


class Durable:
    """Keeps records: see `open_durable`."""

    def __init__(
        self,
        connect: Connect,
        folders: tuple[Folder, Sequence[Folder]],
        bound: int,
        observe: Callable[[float], None],
        clock: Callable[[], float],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        own, left = folders
        leftovers = [segment for folder in (*left, own) for segment in folder.leftovers()]
        self._observe = observe
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._numbering = Numbering()
        self._files = SpoolFiles(own, leftovers, clock)
        self._spool = Spool(self._files, self._numbering, bound)
        self._sender = Sender(connect, in_words, self._settled, self._refuse, self._spool.copy)
        self._tasks: list[asyncio.Task[None]] = []
        self._refused = 0
        self._stopping = ""

    async def keep(self, records: Sequence[Outgoing], *, yields: bool) -> None:
        """Return once all records are acknowledged by Kafka, or on disk.

        `yields` is for what its producer sends again (batches): it is refused first where the spool fills.

        Raises:
            NotKept: nothing is promised of any of them, though Kafka may have some: send all again later.
            NeverKept: Kafka will never take some, which it names; the others are kept.

        """
        if self._stopping:
            raise NotKept(RETRY_SECONDS, self._stopping)
        too_large = [place for place, record in enumerate(records) if _is_too_large(record)]
        if too_large:
            await self._keep_others(records, too_large, yields=yields)
        elif self._spool.is_ahead or not self._sender.is_open:
            # What it has already is to stand before these, should a successor find both on disk.
            self._sender.give_up()
            await self._spool.append(records, yields=yields)
        elif records:
            lot = Lot(self._numbering.number(records), self._loop.time(), self._loop.create_future(), yields)
            self._sender.hand(lot)
            await lot.kept
            if lot.refused:
                raise NeverKept(lot.refused)

    def figures(self) -> Figures:
        """Return how it stands now."""
        files = self._files
        return Figures(
            spool_events=files.events,
            spool_bytes=files.size,
            oldest_seconds=files.oldest_seconds,
            seconds_left=self._spool.seconds_left(),
            damaged_bytes=files.damaged_bytes,
            refused_events=self._refused,
            kafka_answers=self._sender.answers,
            why=self._stopping or self._spool.why or self._sender.why,
        )

    async def start(self) -> None:
        """Begin, with Kafka if it answers within two seconds, and else without."""
        jobs = (self._spool.run(), drain(self._spool, self._files, self._sender), self._sender.run())
        self._tasks = [in_background(job, self._fail) for job in jobs]
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_SECONDS):
                await self._sender.tried.wait()

    async def stop(self) -> None:
        """Take nothing more, wait some seconds for what is on its way, and leave the rest on disk."""
        self._stopping = "The collector is stopping."
        writing, draining, sending = self._tasks
        await _cancelled(draining)
        until = self._loop.time() + _STOP_SECONDS
        while self._sender.unsettled() and self._loop.time() < until:
            await asyncio.sleep(0.02)
        self._sender.end()
        self._spool.copy(self._sender.unsettled())
        self._spool.end()
        await asyncio.wait([writing])
        await _cancelled(sending)
        await self._sender.close()
        self._files.close()

    async def _keep_others(
        self, records: Sequence[Outgoing], too_large: Sequence[int], *, yields: bool
    ) -> None:
        """Keep all records but those that no topic takes, and then name these."""
        places = [place for place in range(len(records)) if place not in too_large]
        refused = dict.fromkeys(
            too_large, f"A record has at most {LARGEST_VALUE:,} bytes, its key {LARGEST_KEY:,}."
        )
        try:
            await self.keep([records[place] for place in places], yields=yields)
        except NeverKept as error:
            refused |= {places[place]: why for place, why in error.records.items()}
        raise NeverKept(refused)

    def _fail(self) -> None:
        """Promise nothing any more."""
        self._stopping = "The collector has a defect, and ends."
        self._failed()

    def _refuse(self, lot: Lot, place: int) -> None:
        """Set aside what was promised; of anything else `keep` tells."""
        if lot.kept.done():
            self._refused += 1
            self._files.set_aside(lot.records[place], lot.refused[place], lot.segment)

    def _settled(self, lot: Lot) -> None:
        if not lot.spooling and lot.segment is None:
            self._observe(self._loop.time() - lot.at)
        lot.answer()
        if lot.segment:
            self._files.settle(lot.segment, len(lot.records))


@asynccontextmanager
async def open_durable(
    settings: Settings, observe: Callable[[float], None], failed: Callable[[], None] = lambda: None
) -> AsyncIterator[Durable]:
    """Keep records under `settings.data_dir` while Kafka is away; nothing is in doubt when the block ends.

    `observe` is told of each lot that Kafka acknowledged in time how many seconds that took. Once `failed` is
    told, by a defect of ours, nothing is kept any more.

    Raises:
        SpoolUnusable: nothing can be written under the data directory.
        KafkaUnavailable: a file of certificates cannot be used.

    """
    root = settings.data_dir.expanduser() / "collect"
    with open_folders(root) as (own, left):
        durable = Durable(
            connecting(settings), (own, left), settings.collect_spool_bytes, observe, time.time, failed
        )
        await durable.start()
        try:
            yield durable
        finally:
            await durable.stop()


def _is_too_large(record: Outgoing) -> bool:
    return len(record.value) > LARGEST_VALUE or len(record.key) > LARGEST_KEY


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])

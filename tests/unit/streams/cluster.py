"""Workers with everything around them played by lists: topics, journals, a group that gives partitions.

A worker is real from the keeper to the journal. It may be killed, frozen, or refused by the broker at any
step: before and after each record that it sends, and whenever it asks the broker something.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NoReturn

from aiokafka.errors import KafkaError
from faust.types import TP

from connections.topics import source_names
from models.campaigns.registry import Registry
from models.settings import Settings
from models.topics import FORWARDED
from streams.journal.store import JournalStore
from streams.journal.writer import JournalWriter
from streams.kafka.fetched import Fetched
from streams.shard.assignment import Holdings
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.lease import Lease
from streams.shard.manager import ShardManager
from streams.shard.restoring import Restorer
from streams.shard.storing import Storage
from tests.unit.models.building import NOON
from tests.unit.streams.journal.logs import Log

SETTINGS = Settings(group="team", duplicate_ids=8000)
NAMES = source_names(SETTINGS)
FORWARDED_TOPIC = next(topic for topic, plain in NAMES.items() if plain == FORWARDED)


class Stopped(BaseException):
    """The worker has stopped itself."""


@dataclass(frozen=True)
class Record:
    """A record as a consumer gives it."""

    offset: int
    value: bytes | None
    timestamp: int = NOON // 1000
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()


class Broker:
    """The topics of a deployment; `starts` are the first offsets of sources whose oldest records are gone."""

    def __init__(self, partitions: int = 1) -> None:
        self.sources: dict[TP, list[Record]] = {TP(name, n): [] for name in NAMES for n in range(partitions)}
        self.starts: dict[TP, int] = {}
        self.journals = {number: Log() for number in range(partitions)}
        self.letters: list[DeadLetter] = []

    def send(self, tp: TP, value: bytes | None, timestamp: int = NOON // 1000) -> int:
        """Take a record of a source; give its offset."""
        records = self.sources[tp]
        records.append(Record(len(records), value, timestamp))
        return len(records) - 1

    def ends(self, tp: TP) -> tuple[int, int]:
        """Give the first and the next offset of a source."""
        return self.starts.get(tp, 0), len(self.sources[tp])

    def send_letter(self, letter: DeadLetter) -> int:
        """Take a dead letter."""
        self.letters.append(letter)
        return len(self.letters) - 1


@dataclass
class Fate:
    """What befalls a worker after how many steps; what is negative does not.

    Killed; frozen as a whole, or hung in one step, until thawed; refused once. Or offsets are not told.
    """

    kill: int = -1
    freeze: int = -1
    hang: int = -1
    refuse: int = -1
    silent: bool = False
    thawed: asyncio.Event = field(default_factory=asyncio.Event)


class Acknowledgement:
    """What a send gives: awaiting it takes a step more, and tells the offset, or -1."""

    def __init__(self, worker: "PlayedWorker", offset: int) -> None:
        self._worker = worker
        self.offset = -1 if worker.fate.silent else offset

    def __await__(self) -> Any:
        yield from self._worker.step().__await__()
        return self


class ForgetfulWriter(JournalWriter):
    """A writer for which a snapshot is due when the test says so."""

    long = False

    def is_long(self, partition: int) -> bool:
        return self.long and bool(self._store.journals[partition].runs)


class PlayedWorker:
    """A real keeper, with the consumer, the producer and the group played."""

    def __init__(
        self, broker: Broker, registry: Registry, owner: Any = lambda _: 0, *, release_within: float = 10.0
    ) -> None:
        self.broker = broker
        self.fate = Fate()
        self.dead = False
        self.reasons: list[str] = []
        self.assigned: set[int] = set()
        self.next: dict[TP, int] = {}
        self.sought: list[dict[TP, int]] = []
        self.committed: dict[TP, int] = {}
        self.frozen = self.hung = False
        self.between = False  # It has not answered the group yet: no rebalance goes on with it.
        self.app = SimpleNamespace(consumer=self, should_stop=False)
        self.store = JournalStore.__new__(JournalStore)
        self.store.__post_init__()
        self.writer = ForgetfulWriter(
            self.store,
            self._write,
            self._log_starts,
            self._read,
            self._truncate,
            worker="host",
            snapshot_bytes=SETTINGS.snapshot_bytes,
        )
        self.outbox = Outbox(self._forward)
        self.restorer = Restorer(SETTINGS, owner, NAMES, self.store, self.writer, self.outbox)
        self.storage = Storage(self.writer, self.outbox, self._bury)
        self.keeper = ShardManager(
            registry,
            Holdings(owner, NAMES),
            Lease(lambda: 0.0, 10.0),
            lambda: NOON,
            self._fail_stop,
            release_within,
        )
        self.keeper.connect(self.app, self.restorer, self.storage)

    async def step(self) -> None:
        """Let others go on, and meet what was to come."""
        await asyncio.sleep(0)
        fate = self.fate
        fate.kill, fate.freeze = fate.kill - 1, fate.freeze - 1
        fate.hang, fate.refuse = fate.hang - 1, fate.refuse - 1
        self.frozen, self.hung = self.frozen or fate.freeze == -1, self.hung or fate.hang == -1
        if self.frozen or fate.hang == -1:
            await fate.thawed.wait()
            self.frozen = self.hung = False
        if self.dead or fate.kill == -1:
            self.dead = True
            await asyncio.Event().wait()
        if fate.refuse == -1:
            raise KafkaError("refused")

    async def join(self, partitions: Iterable[int]) -> None:
        """Get partitions of the group: claim them, have their journals read, restore, seek."""
        self.assigned, self.between = set(partitions), True
        await self.keeper.claim(set(self.assigned))
        self.between = False
        self.recover()
        await self.keeper.restore()
        await self.seek_to(self.keeper.positions())

    def recover(self) -> None:
        """Read the journals as Faust's recovery does."""
        for number in sorted(self.assigned):
            start = (self.store.persisted_offset(TP("log", number)) or 0) + 1
            for offset, value in self.broker.journals[number].between(start, -1):
                message = SimpleNamespace(partition=number, offset=offset, value=value)
                event: Any = SimpleNamespace(message=message)
                self.store.apply_changelog_batch([event], lambda key: key, lambda value: value)

    async def leave(self) -> None:
        """Have all partitions revoked."""
        self.between = True
        await self.keeper.release()
        self.between, self.next = False, {}

    def deliver(self, tp: TP, most: int = 1_000_000, start: int | None = None) -> bool:
        """Hand over the next records of a source; tell whether there were any."""
        if tp not in self.next:
            return False
        first = self.next[tp] if start is None else start
        end = min(first + most, len(self.broker.sources[tp]))
        if end <= first:
            return False
        self.next[tp] = max(self.next[tp], end)
        self.keeper.accept(Fetched(tp, first, end, self.broker.sources[tp][first:end]))
        return True

    @property
    def sources(self) -> list[TP]:
        """List the sources of what is assigned."""
        return [tp for tp in self.broker.sources if tp.partition in self.assigned]

    async def source_offsets(self) -> dict[TP, tuple[int, int]]:
        await self.step()
        return {tp: self.broker.ends(tp) for tp in self.sources}

    async def seek_to(self, positions: Mapping[TP, int]) -> None:
        if positions:
            self.sought.append(dict(positions))
            self.next.update(positions)

    def fetched(self, tp: TP) -> float:
        return self.next.get(tp, float("inf"))

    async def commit_positions(self, positions: Mapping[TP, int]) -> bool:
        self.committed.update(positions)
        return True

    async def _write(self, partition: int, _: bytes, value: bytes) -> Any:
        await self.step()
        return Acknowledgement(self, self.broker.journals[partition].append(value))

    async def _log_starts(self, partitions: set[int]) -> dict[int, int]:
        return {number: self.broker.journals[number].start for number in partitions}

    async def _read(self, partition: int, start: int, end: int) -> list[tuple[int, bytes]]:
        await self.step()
        return self.broker.journals[partition].between(start, end)

    async def _truncate(self, partition: int, offset: int) -> None:
        await self.step()
        self.broker.journals[partition].truncate(offset)

    async def _forward(self, shard: int, value: bytes) -> Any:
        await self.step()
        return Acknowledgement(self, self.broker.send(TP(FORWARDED_TOPIC, shard), value))

    async def _bury(self, letter: DeadLetter) -> Any:
        await self.step()
        return Acknowledgement(self, self.broker.send_letter(letter))

    def _fail_stop(self, reason: str) -> NoReturn:
        self.dead = True
        self.reasons.append(reason)
        raise Stopped(reason)

"""Workers with everything around them played by lists: topics, journals, a group that gives partitions.

A worker is real from the shard manager to the journal. It may be killed, frozen, or refused by the broker at
any step: before and after each record that it sends, and whenever it asks the broker something.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NoReturn

from aiokafka.errors import KafkaError

from models.campaigns.registry import Registry
from models.settings import Settings
from models.state.delta import Source
from models.topics import FORWARDED, INPUT_TOPICS
from streams.journal.journals import Journals
from streams.journal.writer import JournalWriter
from streams.kafka.fetched import Fetched
from streams.kafka.raw_records import RawRecords, Record
from streams.rating.messages import LENGTH_BYTES, Answer, read_texts
from streams.rating.rating import Rating
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.lease import Lease
from streams.shard.manager import ShardManager
from streams.shard.restoring import Restorer
from streams.shard.storing import Storage
from tests.unit.models.building import MODEL, NOON, verdicts
from tests.unit.streams.journal.logs import Log
from tests.unit.streams.kafka.written import raw_records, sent

SETTINGS = Settings(group="team", duplicate_ids=8000)
TOPICS = (*INPUT_TOPICS, FORWARDED)


class Stopped(BaseException):
    """The worker has stopped itself."""


class Broker:
    """The topics of a deployment; `starts` are the first offsets of sources whose oldest records are gone.

    Its workers draw keys from `random`, so that each new state has another.
    """

    def __init__(self, partitions: int = 1) -> None:
        self.sources: dict[Source, list[Record]] = {
            (topic, number): [] for topic in TOPICS for number in range(partitions)
        }
        self.starts: dict[Source, int] = {}
        self.journals = {number: Log() for number in range(partitions)}
        self.letters: list[DeadLetter] = []
        self.random = Random(1)

    def send(self, source: Source, value: bytes | None, arrival: int = NOON) -> int:
        """Take a record of a source; return its offset."""
        records = self.sources[source]
        records.append(sent(len(records), value, arrival))
        return len(records) - 1

    def fetched(self, source: Source, start: int, end: int) -> RawRecords:
        """Return the records between two offsets as a consumer hands them over."""
        return raw_records(self.sources[source][start:end])

    def bounds(self, source: Source) -> tuple[int, int]:
        """Return the first and the next offset of a source."""
        return self.starts.get(source, 0), len(self.sources[source])

    def send_letter(self, letter: DeadLetter) -> int:
        """Take a dead letter; return its offset."""
        self.letters.append(letter)
        return len(self.letters) - 1


@dataclass
class Fate:
    """What happens to a worker after how many steps; nothing of what is negative.

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

    def is_long(self, partition: int, /) -> bool:
        return self.long and bool(self._journals.held[partition].runs)


class PlayedLog:
    """The journals' topic, as one worker writes and reads it."""

    def __init__(self, worker: "PlayedWorker") -> None:
        self._worker = worker
        self._logs = worker.broker.journals

    async def append(self, partition: int, _: bytes, value: bytes) -> Any:
        await self._worker.step()
        return Acknowledgement(self._worker, self._logs[partition].append(value))

    async def starts(self, partitions: set[int]) -> dict[int, int]:
        return {number: self._logs[number].start for number in partitions}

    async def read(self, partition: int, start: int, end: int) -> list[tuple[int, bytes]]:
        await self._worker.step()
        return self._logs[partition].between(start, end)

    async def truncate(self, partition: int, offset: int) -> None:
        await self._worker.step()
        self._logs[partition].truncate(offset)


class PlayedRater:
    """Rates what a worker asks, some moments later, some texts at a time; once it dies in the midst of it."""

    def __init__(self, worker: "PlayedWorker") -> None:
        self._worker = worker
        self._random = Random(worker.broker.random.random())
        self._verdicts = b""
        self._dies = True
        worker.rating.connect(MODEL, self._take)

    def _take(self, asked: bytes) -> None:
        self._verdicts += verdicts(read_texts(asked[LENGTH_BYTES:])).tobytes()
        self._go_on()

    def _go_on(self) -> None:
        if self._verdicts and not self._worker.dead:
            asyncio.get_running_loop().call_soon(self._answer)

    def _answer(self) -> None:
        choice, rating = self._random.random(), self._worker.rating
        if choice < 0.05 and self._dies:
            self._verdicts, self._dies = b"", False
            rating.disconnect()
            rating.connect(MODEL, self._take)
        elif choice < 0.6 and self._verdicts and not self._worker.frozen:
            number = self._random.randrange(len(self._verdicts)) + 1
            told, self._verdicts = self._verdicts[:number], self._verdicts[number:]
            rating.take(Answer(told, 1e-5))
        self._go_on()


class PlayedWorker:
    """A real shard manager, with the consumer, the producer and the group played.

    It is the `Sources` that its manager asks; the group takes its commits while it is `confirming`.
    """

    def __init__(
        self, broker: Broker, registry: Registry, owner: Any = lambda _: 0, *, release_within: float = 10.0
    ) -> None:
        self.broker = broker
        self.fate = Fate()
        self.dead = False
        self.reasons: list[str] = []
        self.assigned: set[int] = set()
        self.next: dict[Source, int] = {}
        self.sought: list[dict[Source, int]] = []
        self.committed: dict[Source, int] = {}
        self.frozen = self.hung = False
        self.between = False  # It has not answered the group yet: no rebalance goes on with it.
        self.stopping = False
        self.confirming = True
        self.now = 0.0
        self.journals = Journals()
        self.writer = ForgetfulWriter(self.journals, PlayedLog(self), "host", SETTINGS.snapshot_bytes)
        self.outbox = Outbox(self._forward)
        new_key = broker.random.randbytes
        self.rating = Rating(lambda: NOON, lambda: self.now)
        self.rater = PlayedRater(self)
        self.restorer = Restorer(
            SETTINGS, owner, self.journals, self.writer, self.outbox, new_key, self.rating
        )
        self.storage = Storage(self.writer, self.outbox, self._send_letter)
        self.manager = ShardManager(
            registry,
            self,
            self.restorer,
            self.storage,
            Lease(self.commit, self.confirm, lambda: self.now, 10.0),
            lambda: NOON,
            self._fail_stop,
            release_within,
            self.rating,
        )

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
        await self.manager.claim(set(self.assigned))
        self.between = False
        self.recover()
        await self.manager.restore()
        await self.seek(self.manager.positions())

    def recover(self) -> None:
        """Read the journals as Faust's recovery does."""
        for number in sorted(self.assigned):
            for offset, value in self.broker.journals[number].between(self.journals.next_offset(number), -1):
                self.journals.read(number, offset, value)

    async def leave(self) -> None:
        """Have all partitions revoked."""
        self.between = True
        await self.manager.release(member=self.confirming)
        self.between, self.next = False, {}

    def deliver(self, source: Source, most: int = 1_000_000, start: int | None = None) -> bool:
        """Hand over the next records of a source; return whether there were any."""
        if source not in self.next:
            return False
        first = self.next[source] if start is None else start
        end = min(first + most, len(self.broker.sources[source]))
        if end <= first:
            return False
        self.next[source] = max(self.next[source], end)
        self.manager.accept(source, Fetched(first, end, self.broker.fetched(source, first, end)))
        return True

    @property
    def sources(self) -> list[Source]:
        """List the sources of what is assigned."""
        return [source for source in self.broker.sources if source[1] in self.assigned]

    async def bounds(self) -> dict[Source, tuple[int, int]]:
        await self.step()
        return {source: self.broker.bounds(source) for source in self.sources}

    async def seek(self, positions: Mapping[Source, int]) -> None:
        if positions:
            self.sought.append(dict(positions))
            self.next.update(positions)

    def handed_over(self, source: Source) -> float:
        return self.next.get(source, float("inf"))

    async def commit(self, positions: Mapping[Source, int]) -> bool:
        self.committed.update(positions)
        return self.confirming

    async def confirm(self) -> bool:
        return self.confirming

    async def _forward(self, shard: int, value: bytes) -> Any:
        await self.step()
        return Acknowledgement(self, self.broker.send((FORWARDED, shard), value))

    async def _send_letter(self, letter: DeadLetter) -> Any:
        await self.step()
        return Acknowledgement(self, self.broker.send_letter(letter))

    def _fail_stop(self, reason: str) -> NoReturn:
        self.dead = True
        self.reasons.append(reason)
        raise Stopped(reason)

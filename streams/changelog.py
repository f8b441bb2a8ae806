"""Store deltas: dead letters first, then each delta in parts, all but the last before the last.

The Faust table holds what its changelog holds: a record enters it once the broker has acknowledged it.
Records are sent with the producer itself, not through the table: the buffer in between loses some on a
crash, for its flush returns before everything is sent.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from models.delta import Delta, merge_deltas
from models.delta_format import decode_delta, encode_delta
from models.fold import Fold
from streams.dead_letters import DeadLetter
from streams.runs import Part, Run, chain, parts_of, read_key, split, to_merge, whole_runs

Future = asyncio.Future[Any]


class UnusableState(Exception):
    """What is stored cannot be replayed; the message tells why and what to do."""


class Changelog:
    """The stored state of one worker's partitions, and the way to it."""

    def __init__(self, app: Any, table: Any, dead_letters_topic: str) -> None:
        self._app = app
        self._table = table
        self._dead_letters_topic = dead_letters_topic
        self._runs: dict[int, list[Run]] = {}
        self._left_over: list[Part] = []

    @property
    def topic(self) -> str:
        """Name the topic that holds the deltas."""
        return str(self._table.changelog_topic_name)

    def open(self, partitions: set[int]) -> None:
        """Take over partitions; of others the table may hold records too, which memory tables do not drop.

        Raises:
            ValueError: what is stored is of another release, or has a hole.

        """
        found: dict[int, list[Part]] = {number: [] for number in partitions}
        for part in map(read_key, self._records):
            if part.partition in partitions:
                found[part.partition].append(part)
        self._runs = {number: chain(whole_runs(parts)) for number, parts in found.items()}
        held = {part for number, runs in self._runs.items() for run in runs for part in parts_of(number, run)}
        self._left_over = [part for parts in found.values() for part in parts if part not in held]

    def runs(self, partition: int) -> list[Run]:
        """List the runs of a partition, the oldest first."""
        return list(self._runs[partition])

    def read(self, partition: int, run: Run) -> Delta:
        """Read a run of deltas.

        Raises:
            ValueError: it is of another release.

        """
        return decode_delta(b"".join(self._records[part.key()] for part in parts_of(partition, run)))

    async def restore(self, fold: Fold, partitions: set[int], owned: Callable[[], bool]) -> None:
        """Replay what is stored of partitions into a fold, unless they leave meanwhile.

        Raises:
            UnusableState: it is of another release, or has a hole.

        """
        try:
            self.open(partitions)
            for partition in sorted(partitions):
                for run in self.runs(partition):
                    if owned():
                        fold.replay(partition, self.read(partition, run))
                        await asyncio.sleep(0)
        except ValueError as error:
            remedy = f"Use another KPIS_GROUP, or delete {self.topic} to count anew from the topics"
            raise UnusableState(f"The stored state cannot be used: {error}. {remedy}.") from error

    async def store(self, refused: Sequence[DeadLetter], deltas: Mapping[int, Delta]) -> None:
        """Write what a cut gave.

        Raises:
            KafkaError: the broker did not acknowledge something.

        """
        await _acknowledged([await self._send_dead_letter(letter) for letter in refused])
        runs = {}
        for partition, delta in deltas.items():
            known = self._runs.setdefault(partition, [])
            number = known[-1].last + 1 if known else 0
            runs[partition] = split(number, number, encode_delta(delta))
        await self._write(runs)
        for partition, (run, _) in runs.items():
            self._runs[partition].append(run)

    async def tidy(self, partition: int, forget: Callable[[Delta], Delta], owned: Callable[[], bool]) -> None:
        """Merge a partition's latest runs where they have become many, unless it leaves meanwhile.

        `forget` drops what of a delta no longer matters. A crash in between leaves both the runs and the
        merged one: the longer is read, the others are deleted.

        Raises:
            KafkaError: the broker did not acknowledge something.

        """
        if not owned():
            return
        # What was written since may have the very names of what was left over.
        held = {part for number, runs in self._runs.items() for run in runs for part in parts_of(number, run)}
        left_over, self._left_over = self._left_over, []
        await self._delete(part for part in left_over if part not in held)
        runs = self.runs(partition)
        start = to_merge([self._size(partition, run) for run in runs])
        if start is None:
            return
        former = runs[start:]
        data = await asyncio.to_thread(
            lambda: encode_delta(forget(merge_deltas([self.read(partition, run) for run in former])))
        )
        if not owned():
            return
        merged = split(former[0].first, former[-1].last, data)
        await self._write({partition: merged})
        if not owned():
            return
        self._runs[partition][start : start + len(former)] = [merged[0]]
        await self._delete(part for run in former for part in parts_of(partition, run))

    @property
    def _records(self) -> dict[bytes, bytes]:
        records: dict[bytes, bytes] = self._table.data.data
        return records

    def _size(self, partition: int, run: Run) -> int:
        return sum(len(self._records[part.key()]) for part in parts_of(partition, run))

    async def _write(self, runs: Mapping[int, tuple[Run, list[bytes]]]) -> None:
        """Send the parts of runs; the last of each, which makes it whole, once the others are there."""
        parts = [
            list(zip(parts_of(partition, run), pieces, strict=True))
            for partition, (run, pieces) in runs.items()
        ]
        await self._put([part for run in parts for part in run[:-1]])
        await self._put([run[-1] for run in parts])

    async def _put(self, parts: Sequence[tuple[Part, bytes]]) -> None:
        await _acknowledged([await self._send(part, data) for part, data in parts])
        self._records.update({part.key(): data for part, data in parts})

    async def _delete(self, parts: Iterable[Part]) -> None:
        listed = list(parts)
        await _acknowledged([await self._send(part, None) for part in listed])
        for part in listed:
            self._records.pop(part.key(), None)

    async def _send(self, part: Part, data: bytes | None) -> Future:
        sent: Future = await self._app.producer.send_record(self.topic, part.key(), data, part.partition)
        return sent

    async def _send_dead_letter(self, letter: DeadLetter) -> Future:
        sent: Future = await self._app.producer.send_record(
            self._dead_letters_topic, letter.key, letter.value, headers=letter.headers
        )
        return sent


async def _acknowledged(futures: list[Future]) -> None:
    if futures:
        await asyncio.gather(*futures)

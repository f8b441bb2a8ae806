"""Write to the journals of the shards held, and notice who else does.

Invariant: after each acknowledgement a journal holds what its log holds. The offset of an acknowledged
record must be the next that the journal expects; if it is not, somebody else has written, and what they wrote
is read first. A newer claim among it means that the shard is lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from models.state.delta import Delta, merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from streams.journal.freed_memory import give_back_memory
from streams.journal.journal import Journal
from streams.journal.journals import Journals
from streams.journal.records import encode_claim, encode_parts

MOST_RUNS = 900
_PARTS_AT_ONCE = 4
_NO_CLAIM = -1


class Fenced(Exception):
    """Another worker has claimed the shard."""


class NotMade(Exception):
    """The deltas of a journal cannot be merged, compacted or encoded; nothing was written."""


class Log(Protocol):
    """The journals' topic (streams.kafka.log_topic)."""

    async def append(self, partition: int, key: bytes, value: bytes, /) -> "asyncio.Future[Any]":
        """Send a record; return the future of its acknowledgement, which has its offset."""

    async def starts(self, partitions: set[int], /) -> Mapping[int, int]:
        """Return the offsets at which the logs of partitions start now."""

    async def read(self, partition: int, start: int, end: int, /) -> Sequence[tuple[int, bytes]]:
        """Read the records between two offsets; with an end below 0, to the end of the log."""

    async def truncate(self, partition: int, offset: int, /) -> None:
        """Delete the records before an offset."""


class JournalWriter:
    """Claims shards, and writes their deltas and snapshots to the log.

    `worker` names this one in its claims; a snapshot is due after `snapshot_bytes` of deltas at the earliest.
    """

    def __init__(self, journals: Journals, log: Log, worker: str, snapshot_bytes: int) -> None:
        self.claims: dict[int, int] = {}
        self._wanted: set[int] = set()
        self._journals = journals
        self._log = log
        self._worker = worker
        self._snapshot_bytes = snapshot_bytes
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def claim(self, numbers: set[int]) -> None:
        """Claim shards, and hold no others: what others write to their journals from here on is void.

        Raises:
            KafkaError: the broker did not acknowledge a claim.

        """
        self.claims, self._wanted = {}, numbers
        self._journals.open(await self._log.starts(numbers))
        claim = encode_claim(self._worker)
        sent = {number: await self._log.append(number, b"claim", claim) for number in numbers}
        self.claims = {number: (await acknowledged).offset for number, acknowledged in sent.items()}

    def is_claimed(self) -> bool:
        """Return whether what was claimed last is all acknowledged, and its journals are held."""
        return self.claims.keys() == self._wanted == self._journals.held.keys()

    async def complete(self, number: int) -> None:
        """Read a shard's journal again, from the log, if it is not read up to our claim.

        Its former owner may have deleted what was to be read next: whoever reads the log record by record
        does not see that, and the journal takes nothing that does not follow.

        Raises:
            ValueError: it cannot be read, or lacks something.
            KafkaError: the broker does not answer.

        """
        journal = self._journals.held.get(number)
        if journal is not None and journal.next_offset <= self.claims.get(number, _NO_CLAIM):
            found = await self.read_journal(number)
            if self._journals.held.get(number) is journal:
                self._journals.held[number] = found

    async def read_journal(self, number: int) -> Journal:
        """Read a shard's journal from the log, whoever holds the shard.

        Raises:
            ValueError: it cannot be read, or lacks something.
            KafkaError: the broker does not answer.

        """
        found = await self._log.read(number, 0, -1)
        journal = Journal(found[0][0] if found else 0)
        for offset, value in found:
            if offset > journal.next_offset:
                raise ValueError(f"nothing stands between the offsets {journal.next_offset} and {offset}")
            journal.read(offset, value)
        journal.require_whole()
        return journal

    def is_ours(self, number: int) -> bool:
        """Return whether our claim is the last one in a shard's journal, as far as it was read."""
        return self._journals.held[number].epoch == self.claims.get(number)

    async def write(self, number: int, delta: Delta) -> None:
        """Write a shard's next delta.

        Raises:
            Fenced: another worker has claimed the shard.
            KafkaError: the broker did not acknowledge something.

        """
        journal = self._journals.held[number]
        following = journal.last + 1
        parts = encode_parts("delta", self.claims[number], following, encode_delta(delta))
        await self._append(number, b"delta", parts)
        if journal.last != following:
            raise Fenced(f"delta {following} of partition {number} is not in its log")

    def is_long(self, number: int) -> bool:
        """Return whether so much was written since the last snapshot that the next is due.

        As much again as the snapshot has: so a byte is rewritten about twice, however large the state.
        """
        journal = self._journals.held[number]
        return (
            journal.tail_bytes() > max(journal.base_bytes(), self._snapshot_bytes)
            or len(journal.runs) > MOST_RUNS
        )

    async def shorten(self, number: int, compact: Callable[[Delta], Delta]) -> None:
        """Write a snapshot, and delete what it replaces; `compact` drops what no longer matters.

        Raises:
            NotMade: there is no snapshot to write.
            Fenced: another worker has claimed the shard.
            KafkaError: the broker did not acknowledge something.

        """
        journal = self._journals.held[number]
        runs, last = list(journal.runs), journal.last
        try:
            data = await asyncio.to_thread(_snapshot, [run.data for run in runs], compact)
        except Exception as error:
            raise NotMade from error
        parts = encode_parts("snapshot", self.claims[number], last, data)
        for start in range(0, len(parts), _PARTS_AT_ONCE):
            await self._append(number, b"snapshot", parts[start : start + _PARTS_AT_ONCE])
        await self._log.truncate(number, journal.needed_from)

    async def _append(self, number: int, kind: bytes, values: Sequence[bytes]) -> None:
        async with self._locks[number]:
            journal = self._journals.held[number]
            sent = [await self._log.append(number, kind, value) for value in values]
            for value, acknowledged in zip(values, sent, strict=True):
                await self._read_up_to(number, journal, (await acknowledged).offset, value)
            if not self.is_ours(number):
                raise Fenced(f"another worker has claimed partition {number}")

    async def _read_up_to(self, number: int, journal: Journal, offset: int, value: bytes) -> None:
        # The offset is below 0 if the broker had the record before: then it does not return one.
        if offset != journal.next_offset:
            for at, other in await self._log.read(number, journal.next_offset, offset):
                journal.read(at, other)
        journal.read(offset, value)


def _snapshot(stored: Sequence[bytes], compact: Callable[[Delta], Delta]) -> bytes:
    try:
        return encode_delta(compact(merge_deltas([decode_delta(data) for data in stored])))
    finally:
        give_back_memory()

"""Write to the journals of the shards held, and notice who else does.

Invariant: after each acknowledgement a journal holds what its log holds. The offset of a record that is
acknowledged must be the next that the journal expects; where it is not, somebody else has written, and what
they wrote is read first. A newer claim among it means that the shard is lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from models.state.delta import Delta, merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from streams.journal.journal import Journal
from streams.journal.records import encode_claim, encode_parts
from streams.journal.store import JournalStore

MOST_RUNS = 900
_PARTS_AT_ONCE = 4

Send = Callable[[int, bytes, bytes], Awaitable["asyncio.Future[Any]"]]
"""Send a record, by partition, key and value, to the journals' topic."""
ReadLog = Callable[[int, int, int], Awaitable[Sequence[tuple[int, bytes]]]]
"""Read the records of a partition between two offsets, or with an end below 0 to the end of its log."""
Starts = Callable[[set[int]], Awaitable[Mapping[int, int]]]
"""Tell at which offsets the logs of partitions start now."""
Truncate = Callable[[int, int], Awaitable[None]]
"""Delete the records of a partition before an offset."""


class Fenced(Exception):
    """Another worker has claimed the shard."""


class JournalWriter:
    """The way from deltas to the log.

    `worker` names this one in its claims; a snapshot is written after at least `snapshot_bytes` of deltas.
    """

    def __init__(
        self,
        store: JournalStore,
        send: Send,
        starts: Starts,
        read_log: ReadLog,
        truncate: Truncate,
        *,
        worker: str,
        snapshot_bytes: int,
    ) -> None:
        self._store = store
        self._send = send
        self._starts = starts
        self._read_log = read_log
        self._truncate = truncate
        self._worker = worker
        self._snapshot_bytes = snapshot_bytes
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.claims: dict[int, int] = {}

    async def claim(self, partitions: set[int]) -> None:
        """Take shards, and hold no others: what others write to their journals from here on is void.

        Raises:
            KafkaError: the broker did not acknowledge a claim.

        """
        self._store.open(await self._starts(partitions))
        sent = {
            number: await self._send(number, b"claim", encode_claim(self._worker)) for number in partitions
        }
        self.claims = {number: (await acknowledged).offset for number, acknowledged in sent.items()}

    def is_ours(self, partition: int) -> bool:
        """Tell whether our claim is the last one in a shard's journal, as far as it was read."""
        return self._store.journals[partition].epoch == self.claims.get(partition)

    async def write(self, partition: int, delta: Delta) -> None:
        """Write a delta.

        Raises:
            Fenced: another worker has claimed the shard.
            KafkaError: the broker did not acknowledge something.

        """
        journal = self._store.journals[partition]
        number = journal.last + 1
        parts = encode_parts("delta", self.claims[partition], number, encode_delta(delta))
        await self._append(partition, b"delta", parts)
        if journal.last != number:
            raise Fenced(f"delta {number} of partition {partition} is not in its log")

    def is_long(self, partition: int) -> bool:
        """Tell whether so much was written since the last snapshot that the next is due.

        As much again as the snapshot has: so a byte is rewritten about twice, however large the state.
        """
        journal = self._store.journals[partition]
        return (
            journal.tail_bytes() > max(journal.base_bytes(), self._snapshot_bytes)
            or len(journal.runs) > MOST_RUNS
        )

    async def shorten(self, partition: int, compact: Callable[[Delta], Delta]) -> None:
        """Write a snapshot, and let go of what it replaces; `compact` drops what no longer matters.

        Raises:
            Fenced: another worker has claimed the shard.
            KafkaError: the broker did not acknowledge something.

        """
        journal = self._store.journals[partition]
        runs, last = list(journal.runs), journal.last
        data = await asyncio.to_thread(
            lambda: encode_delta(compact(merge_deltas([decode_delta(run.data) for run in runs])))
        )
        parts = encode_parts("snapshot", self.claims[partition], last, data)
        for start in range(0, len(parts), _PARTS_AT_ONCE):
            await self._append(partition, b"snapshot", parts[start : start + _PARTS_AT_ONCE])
        await self._truncate(partition, journal.needed_from)

    async def _append(self, partition: int, kind: bytes, values: Sequence[bytes]) -> None:
        async with self._locks[partition]:
            journal = self._store.journals[partition]
            sent = [await self._send(partition, kind, value) for value in values]
            for value, acknowledged in zip(values, sent, strict=True):
                await self._take(partition, journal, (await acknowledged).offset, value)
            if not self.is_ours(partition):
                raise Fenced(f"another worker has claimed partition {partition}")

    async def _take(self, partition: int, journal: Journal, offset: int, value: bytes) -> None:
        # Below 0 where the broker had the record before, and tells no offset.
        if offset != journal.next_offset:
            for at, other in await self._read_log(partition, journal.next_offset, offset):
                journal.read(at, other)
        journal.read(offset, value)

"""One flush: what is owed to others first, then what changed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from models.state.delta import Delta
from streams.journal.writer import JournalWriter
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard

SendLetter = Callable[[DeadLetter], Awaitable["asyncio.Future[Any]"]]


class Storage:
    """Where the changes of shards go.

    What was cut and not stored is lost to the shards: so after a failure nothing more is stored until
    `clear` says that they are thrown away.
    """

    def __init__(self, writer: JournalWriter, outbox: Outbox, send_letter: SendLetter) -> None:
        self._writer = writer
        self._outbox = outbox
        self._send_letter = send_letter
        self._failed = False
        self._clearings = 0

    async def store(self, shards: Mapping[int, Shard]) -> None:
        """Store all that changed; the cut is made before anything is waited for.

        Raises:
            StorageFailed: something was not stored before, or the shards are thrown away meanwhile.
            Fenced: another worker has claimed a shard.
            KafkaError: the broker did not acknowledge something.

        """
        if self._failed:
            raise StorageFailed("an earlier change was not stored")
        self._failed, clearings = True, self._clearings
        cuts = {number: shard.cut() for number, shard in shards.items()}
        await self._outbox.drain()
        await self._send_letters(letter for letters, _ in cuts.values() for letter in letters)
        if clearings != self._clearings:
            # The journals may be claimed and read anew since: it would count, and the shards not know.
            raise StorageFailed("what changed was thrown away")
        changed = {number: delta for number, (_, delta) in cuts.items() if delta is not None}
        await asyncio.gather(*(self._writer.write(number, delta) for number, delta in changed.items()))
        self._failed = False

    async def forward(self) -> None:
        """Send on what is for other shards."""
        await self._outbox.drain()

    def clear(self) -> None:
        """Begin anew: the shards are thrown away."""
        self._outbox.clear()
        self._failed = False
        self._clearings += 1

    def is_long(self, number: int) -> bool:
        """Tell whether a snapshot of a shard is due."""
        return self._writer.is_long(number)

    async def shorten(self, number: int, compact: Callable[[Delta], Delta]) -> None:
        """Write a snapshot of a shard (streams.journal.writer)."""
        await self._writer.shorten(number, compact)

    async def _send_letters(self, letters: Iterable[DeadLetter]) -> None:
        await asyncio.gather(*[await self._send_letter(letter) for letter in letters])


class StorageFailed(Exception):
    """Something that was cut could not be stored."""

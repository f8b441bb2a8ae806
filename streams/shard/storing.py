"""Store what changed: what is owed to others first, then the deltas, with what texts in them are rated as."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from streams.journal.writer import JournalWriter
from streams.rating.asked import settled
from streams.shard.assignment import Assignment
from streams.shard.dead_letters import DeadLetter
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard

SendLetter = Callable[[DeadLetter], Awaitable["asyncio.Future[Any]"]]


class StorageFailed(Exception):
    """Something that was cut could not be stored."""


class Storage:
    """Where the changes of shards go: to other shards, to the dead letters, to the journals.

    What was cut and not stored is lost to the shards: so after a failure nothing more of their assignment is
    stored.
    """

    def __init__(self, writer: JournalWriter, outbox: Outbox, send_letter: SendLetter) -> None:
        self.writer = writer
        self._outbox = outbox
        self._send_letter = send_letter

    async def store(self, assignment: Assignment, shards: Mapping[int, Shard]) -> None:
        """Store all that changed in an assignment's shards; the cut is made before anything is awaited.

        Raises:
            StorageFailed: something was not stored before, or the assignment was discarded meanwhile.
            Fenced: another worker has claimed a shard.
            KafkaError: the broker did not acknowledge something.

        """
        if assignment.half_stored:
            raise StorageFailed("an earlier change was not stored")
        assignment.half_stored = True
        cuts = {number: shard.cut() for number, shard in shards.items()}
        await self._outbox.drain()
        await self._send_letters(letter for changed in cuts.values() for letter in changed.letters)
        # Counting goes on meanwhile: what is applied now is of the next cut.
        await settled(one for changed in cuts.values() for one in changed.asked)
        if assignment.discarded:
            # The journals may be claimed and read again since: a delta would count, and the shards not know.
            raise StorageFailed("what changed was thrown away")
        deltas = {number: changed.cut.delta() for number, changed in cuts.items() if changed.cut is not None}
        await asyncio.gather(*(self.writer.write(number, delta) for number, delta in deltas.items()))
        assignment.half_stored = False

    async def forward(self) -> None:
        """Send on what is for other shards."""
        await self._outbox.drain()

    def forget(self) -> None:
        """Send nothing of what waits to be sent on: the shards that it came from are thrown away."""
        self._outbox.clear()

    async def _send_letters(self, letters: Iterable[DeadLetter]) -> None:
        await asyncio.gather(*[await self._send_letter(letter) for letter in letters])

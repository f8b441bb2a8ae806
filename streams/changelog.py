"""Store what a fold cut: dead letters, then rows, then checkpoints, each acknowledged before the next.

The Faust table holds what its changelog holds: a row enters it once the broker has acknowledged it. Rows
are sent with the producer itself, not through the table: the buffer in between loses some on a crash,
for its flush returns before everything is sent.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.fold import Cut
from models.rows import Row, split_key
from streams.dead_letters import DeadLetter

Future = asyncio.Future[Any]


class Changelog:
    """The stored state of one worker's partitions, and the way to it."""

    def __init__(self, app: Any, table: Any, dead_letters_topic: str) -> None:
        self._app = app
        self._table = table
        self._dead_letters_topic = dead_letters_topic

    @property
    def topic(self) -> str:
        """Name the topic that holds the rows."""
        return str(self._table.changelog_topic_name)

    def rows(self, partitions: set[int]) -> Iterator[tuple[bytes, bytes]]:
        """List the stored rows of some partitions.

        The table may hold rows of partitions that left: memory tables forget none by themselves.
        """
        for key, value in list(self._table.data.data.items()):
            if value is not None and split_key(key)[0] in partitions:
                yield key, value

    async def store(self, refused: Sequence[DeadLetter], cuts: Mapping[int, Cut]) -> None:
        """Write all that a cut holds; the checkpoints, which say that it is whole, go last.

        Raises:
            KafkaError: the broker did not acknowledge something.

        """
        await _acknowledged([await self._send_dead_letter(letter) for letter in refused])
        await self._write([(number, row) for number, cut in cuts.items() for row in cut.rows])
        await self._write([(number, cut.checkpoint(number)) for number, cut in cuts.items()])

    async def _write(self, rows: list[tuple[int, Row]]) -> None:
        await _acknowledged([await self._send_row(partition, row) for partition, row in rows])
        table = self._table.data.data
        for _, row in rows:
            if row.value is None:
                table.pop(row.key, None)
            else:
                table[row.key] = row.value

    async def _send_row(self, partition: int, row: Row) -> Future:
        sent: Future = await self._app.producer.send_record(self.topic, row.key, row.value, partition)
        return sent

    async def _send_dead_letter(self, letter: DeadLetter) -> Future:
        sent: Future = await self._app.producer.send_record(
            self._dead_letters_topic, letter.key, letter.value, headers=letter.headers
        )
        return sent


async def _acknowledged(futures: list[Future]) -> None:
    if futures:
        await asyncio.gather(*futures)

"""The way of dead letters back to their topics: each is judged, and what counts now is sent with its mark."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from connections.topics import partition_of
from models.dead_letters import Letter
from models.topics import INPUT_TOPICS
from producers.letters.choosing import NONE, Choice, about, letter_of
from producers.letters.judging import Again, Judge, Verdict
from producers.letters.log import Extent, Log
from producers.letters.marks import Marks
from producers.letters.sender import Sender

_MOST_LETTERS = 500
_MOST_BYTES = 1_000_000


@dataclass
class Tally:
    """What became of the letters read that are meant; `counts` and `sent` by the reason of their refusal.

    `refused` is by the reason that they would be refused for now, `cannot_be_sent` by the sentence that says
    why. Only what was committed is in `sent`.
    """

    read: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    sent_before: int = 0
    left_alone: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    cannot_be_sent: Counter[str] = field(default_factory=Counter)

    def add(self, letter: Letter, verdict: Verdict) -> None:
        """Count a verdict."""
        match verdict.fate:
            case "counts":
                self.counts[letter.reason or NONE] += 1
            case "sent before":
                self.sent_before += 1
            case "left alone":
                self.left_alone += 1
            case "refused":
                self.refused[verdict.why] += 1
            case "cannot be sent":
                self.cannot_be_sent[verdict.why] += 1


@dataclass(frozen=True, slots=True)
class Reinjection:
    """Dead letters within an extent, and how they are chosen and judged; `clock` gives microseconds.

    At most `most` letters are committed together.
    """

    log: Log
    extent: Extent
    choice: Choice
    judge: Judge
    clock: Callable[[], int]
    tally: Tally
    most: int = _MOST_LETTERS

    async def survey(self, marks: Marks) -> None:
        """Only count what would become of the letters."""
        async for letter, verdict in self._verdicts(marks):
            self._mark(letter, verdict, marks)

    async def send(self, marks: Marks, topic: str, sender: Sender) -> None:
        """Send what counts, each together with its mark on a topic of one name and any partitions.

        `marks` must have been read since the sender is open: then nobody sets others meanwhile.

        Raises:
            DeliveryFailed: not all was sent; the tally says what was.

        """
        partitions = len(await self.log.extent(topic))
        batch = _Batch()
        async for letter, verdict in self._verdicts(marks):
            if verdict.again and (mark := self._mark(letter, verdict, marks)):
                batch.add(letter, verdict.again, _on(topic, partitions, *mark))
                if len(batch.reasons) >= self.most or batch.bytes >= _MOST_BYTES:
                    await self._commit(sender, batch)
                    batch = _Batch()
        await self._commit(sender, batch)
        if len(self.judge.topics) < len(INPUT_TOPICS):
            return  # Of a topic that we may not see, nobody can say what is gone.
        extents = [await self.log.extent(name) for name in self.judge.topics]
        gone = [_on(topic, partitions, key, None) for key in marks.outlived(extents)]
        for start in range(0, len(gone), _MOST_LETTERS):
            await sender.commit(gone[start : start + _MOST_LETTERS])

    async def _verdicts(self, marks: Marks) -> AsyncIterator[tuple[Letter, Verdict]]:
        async for records in self.log.read(self.extent):
            for letter in map(letter_of, records):
                self.tally.read += 1
                if letter.origin:
                    marks.meet(letter.origin)
                if self.choice.takes(about(letter, self.judge.prefix), letter.arrival):
                    verdict = self.judge.judge(letter, marks, self.clock())
                    self.tally.add(letter, verdict)
                    yield letter, verdict

    def _mark(self, letter: Letter, verdict: Verdict, marks: Marks) -> tuple[bytes, bytes] | None:
        """Mark a letter that counts: a copy of it, further on, does not."""
        return marks.set(letter, letter.origin) if verdict.again and letter.origin else None

    async def _commit(self, sender: Sender, batch: "_Batch") -> None:
        """Commit a batch, to its end also where it is cancelled meanwhile: so the tally says what is sent."""
        committing = asyncio.create_task(self._commit_wholly(sender, batch))
        try:
            await asyncio.shield(committing)
        except asyncio.CancelledError:
            await committing
            raise

    async def _commit_wholly(self, sender: Sender, batch: "_Batch") -> None:
        if batch.records:
            await sender.commit(batch.records)
            self.tally.sent.update(batch.reasons)


@dataclass
class _Batch:
    """What is committed together: events with their marks; why the events had been refused."""

    records: list[Again] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    bytes: int = 0

    def add(self, letter: Letter, event: Again, mark: Again) -> None:
        self.records += [event, mark]
        self.reasons.append(letter.reason or NONE)
        self.bytes += event.size


def _on(topic: str, partitions: int, key: bytes, value: bytes | None) -> Again:
    return Again(topic, partition_of(key, partitions), key, value)

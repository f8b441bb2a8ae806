"""A log as the broker keeps it, in a list."""

from collections.abc import Iterable

import msgspec

from streams.journal.journal import Journal
from streams.journal.journals import Journals
from streams.journal.records import VERSION, Kind


class Log:
    """Records by offset; those before `start` are deleted, and those at `gaps` were compacted away."""

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        self.values = list(values)
        self.start = 0
        self.gaps: set[int] = set()

    @property
    def end(self) -> int:
        """Return the offset of the next record."""
        return len(self.values)

    def append(self, value: bytes) -> int:
        """Take a record; give its offset."""
        self.values.append(value)
        return self.end - 1

    def between(self, start: int, end: int) -> list[tuple[int, bytes]]:
        """Return the records between two offsets, with an end below 0 to the end."""
        until = self.end if end < 0 else end
        offsets = [at for at in range(max(start, self.start), until) if at not in self.gaps]
        return [(offset, self.values[offset]) for offset in offsets]

    def truncate(self, offset: int) -> None:
        """Delete the records before an offset."""
        self.start = max(self.start, offset)


def read(log: Log, journal: Journal | None = None) -> Journal:
    """Read a log as who claims it does: on from where a journal ends, if it can be."""
    journals = Journals()
    journals.held = {0: journal} if journal else {}
    journals.open({0: log.start})
    found = journals.held[0]
    for offset, value in log.between(found.next_offset, -1):
        found.read(offset, value)
    return found


def standing(journal: Journal) -> list[tuple[int, int]]:
    """Return the first and last delta of each run."""
    return [(run.first, run.last) for run in journal.runs]


def pieces(kind: Kind, epoch: int, number: int, data: bytes, count: int) -> list[bytes]:
    """Write a delta or snapshot in so many parts, however small."""
    size = len(data) // count + 1
    cut = [data[size * part : size * (part + 1)] for part in range(count)]
    return [
        msgspec.msgpack.encode([VERSION, kind, epoch, number, part, count, piece])
        for part, piece in enumerate(cut)
    ]

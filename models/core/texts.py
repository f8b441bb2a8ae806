"""Numbers for texts, or tuples of texts, that come again and again: each is looked at once, by Python."""

from collections.abc import Callable, Sequence

import numpy as np

from models.core.columns import firsts_of
from models.core.growing import grown
from models.core.octets import PADDING, Octets, padded
from models.core.text_table import (
    EMPTY,
    LENGTH_SIZE,
    LINE,
    NONE,
    WORD,
    Ints,
    Lengths,
    Table,
    enter,
    enter_all,
    find,
)

TextTuple = tuple[bytes | None, ...]

# So few that a table grows at once: what that takes is compiled before work begins.
_LEAST_CELLS, _LEAST_OCTETS = 4, 4096


class Texts:
    """Tuples of texts seen, each with the number that `number_of` gave it when it came first.

    A number below 0 is not remembered. What finds no room in the table is in a dictionary, which takes a
    microsecond. A tuple without any text has the number NONE. Once there are `most`,
    all are forgotten: where that is given, numbers must not depend on which came first.
    """

    def __init__(self, fields: int, number_of: Callable[[TextTuple], int], most: int | None = None) -> None:
        self._fields = fields
        self._number_of = number_of
        self._most = most
        self.clear()

    def __len__(self) -> int:
        return self._count

    def clear(self) -> None:
        """Forget all texts."""
        self._count = self._end = 0
        self._beyond: dict[TextTuple, int] = {}
        self._table = Table(np.full(_LEAST_CELLS, EMPTY, np.int32), np.zeros(_LEAST_OCTETS, np.uint8))

    def find(
        self, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, lines: Ints, numbers: Ints
    ) -> None:
        """Write the number of the texts that stand in some columns of each of these lines.

        `starts` and `lengths` are tables of lines; `numbers` is a column of all lines.
        """
        hashes, new = np.empty(len(lines), np.uint64), np.empty(len(lines), np.int64)
        many, _ = find(self._table, buffer, starts, lengths, columns, lines, numbers, hashes, new)
        if not many:
            return
        found: dict[TextTuple, int] = {}

        def look_at(lines: Ints) -> None:
            for line in lines.tolist():
                texts = _texts_at(buffer, starts[line, columns].tolist(), lengths[line, columns].tolist())
                if texts not in found:
                    found[texts] = self._beyond[texts] if texts in self._beyond else self._add(texts)
                numbers[line] = found[texts]

        # First one line of each text, and then the table is asked again: a first batch has as many lines of a
        # new leaf as it has events, and each took 6 µs here.
        lines = new[:many]
        look_at(lines[firsts_of(hashes[:many])])
        hashes, new = np.empty(many, np.uint64), np.empty(many, np.int64)
        many, _ = find(self._table, buffer, starts, lengths, columns, lines, numbers, hashes, new)
        look_at(new[:many])

    def number(self, texts: TextTuple) -> int:
        """Return the number of a tuple of texts."""
        lengths = np.array([[NONE if text is None else len(text) for text in texts]], np.int32)
        starts = np.maximum(lengths, 0).cumsum(axis=1, dtype=np.int64) - np.maximum(lengths, 0)
        numbers, columns = np.zeros(1, np.int64), np.arange(self._fields)
        self.find(padded(*filter(None, texts)), starts, lengths, columns, np.zeros(1, np.int64), numbers)
        return int(numbers[0])

    def _add(self, texts: TextTuple) -> int:
        if self._count == self._most:
            self.clear()
        number = self._number_of(texts)
        if number >= 0:
            self._count += 1
            self._remember(texts, number)
        return number

    def _remember(self, texts: TextTuple, number: int) -> None:
        sizes = [0 if text is None else len(text) + 1 for text in texts]
        head = [number.to_bytes(WORD, "little"), *(size.to_bytes(LENGTH_SIZE, "little") for size in sizes)]
        entry = _to_words(bytes(WORD) + b"".join(head)) + _to_words(b"".join(filter(None, texts)))
        self._make_room(len(entry))
        self._table.entries[self._end : self._end + len(entry)] = np.frombuffer(entry, np.uint8)
        if enter(self._table, self._end, self._fields):
            self._end += len(entry)
        else:
            self._beyond[texts] = number

    def _make_room(self, octets: int) -> None:
        cells, entries = self._table
        end = self._end + octets + LINE + PADDING
        if end > len(entries):
            entries = grown(entries[: self._end], end)
        self._table = Table(cells, entries)
        if 4 * self._count >= len(cells):
            self._table = Table(np.full(2 * len(cells), EMPTY, np.int32), entries)
            enter_all(self._table, self._end, self._fields)


def only(texts: TextTuple) -> str:
    """Return the text of a tuple that has but one."""
    (written,) = texts
    return (written or b"").decode()


def _texts_at(buffer: Octets, starts: Sequence[int], lengths: Sequence[int]) -> TextTuple:
    return tuple(
        None if length < 0 else buffer[start : start + length].tobytes()
        for start, length in zip(starts, lengths, strict=True)
    )


def _to_words(written: bytes) -> bytes:
    return written + bytes(-len(written) % WORD)

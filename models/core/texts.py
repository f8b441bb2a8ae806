"""Numbers for texts, or tuples of texts, that come again and again: each is looked at once, by Python."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import PADDING, Octets, load64, padded

Ints = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.int32]
TextTuple = tuple[bytes | None, ...]

NONE = I64(-1)
"""The length of no text, and the number of none."""

_WORD = 8
_PROBES = 8
"""How far a search goes: texts that find no room so near are in a dictionary of Python's.

So nobody who chooses texts with one hash makes a search long: each of his costs a microsecond.
"""
_EMPTY = I64(-1)
_LEAST_CELLS, _LEAST_ARENA, _LEAST_ENTRIES = 256, 4096, 64
# The columns of an entry; after them come its texts' lengths + 1.
_HASH, _NUMBER, _START, _LENGTHS = range(4)
# 2⁶⁴ ÷ the golden ratio.
_FACTOR = U64(0x9E3779B97F4A7C15)
_HALF, _ONE, _FULL = U64(32), U64(1), U64(0xFFFFFFFFFFFFFFFF)


class _Table(NamedTuple):
    """Open addressing: `cells` hold the index of an entry or _EMPTY.

    An entry has a hash, a number, and where its texts stand in the arena, one behind the other: of five texts
    it is one line of a processor's cache.
    """

    cells: Ints
    entries: npt.NDArray[np.uint64]
    arena: Octets


class Texts:
    """Tuples of texts seen, each with the number that `number_of` gave it when it came first.

    A number below 0 is not remembered. A tuple without any text has the number NONE. Once there are `most`,
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
        self._count = self._placed = self._used = 0
        self._beyond: dict[TextTuple, int] = {}
        self._table = _Table(
            np.full(_LEAST_CELLS, _EMPTY),
            np.zeros((_LEAST_ENTRIES, _LENGTHS + self._fields), np.uint64),
            np.zeros(_LEAST_ARENA, np.uint8),
        )

    def find(
        self, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, lines: Ints, numbers: Ints
    ) -> None:
        """Write the number of the texts that stand in some columns of each of these lines.

        `starts` and `lengths` are tables of lines; `numbers` is a column of all lines.
        """
        new = np.empty(len(lines), np.int64)
        many = _find(self._table, buffer, starts, lengths, columns, lines, numbers, new)
        found: dict[TextTuple, int] = {}
        for line in new[:many].tolist():
            places = zip(starts[line, columns].tolist(), lengths[line, columns].tolist(), strict=True)
            texts = tuple(
                None if length < 0 else buffer[start : start + length].tobytes() for start, length in places
            )
            if texts not in found:
                found[texts] = self._beyond[texts] if texts in self._beyond else self._add(texts)
            numbers[line] = found[texts]

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
        joined = b"".join(filter(None, texts))
        self._make_room(len(joined))
        table, entry = self._table, self._placed
        table.arena[self._used : self._used + len(joined)] = np.frombuffer(joined, np.uint8)
        sizes = (0 if text is None else len(text) + 1 for text in texts)
        table.entries[entry] = [0, number, self._used, *sizes]
        if _place(table, entry):
            self._placed += 1
            self._used += len(joined)
        else:
            self._beyond[texts] = number

    def _make_room(self, octets: int) -> None:
        cells, entries, arena = self._table
        if self._placed == len(entries):
            entries = np.concatenate([entries, np.zeros_like(entries)])
        while self._used + octets + PADDING > len(arena):
            arena = np.concatenate([arena, np.zeros_like(arena)])
        self._table = _Table(cells, entries, arena)
        if 4 * self._placed >= len(cells):
            self._table = _Table(np.full(2 * len(cells), _EMPTY), entries, arena)
            for entry in range(self._placed):
                if not _place(self._table, entry):
                    self._beyond[self._texts_of(entry)] = int(entries[entry, _NUMBER])

    def _texts_of(self, entry: int) -> TextTuple:
        _, _, start, *sizes = self._table.entries[entry].tolist()
        texts: list[bytes | None] = []
        for size in sizes:
            length = max(size - 1, 0)
            texts.append(self._table.arena[start : start + length].tobytes() if size else None)
            start += length
        return tuple(texts)


def only(texts: TextTuple) -> str:
    """Return the text of a tuple that has but one."""
    (written,) = texts
    return (written or b"").decode()


@compiled
def _find(
    table: _Table,
    buffer: Octets,
    starts: Ints,
    lengths: Lengths,
    columns: Ints,
    lines: Ints,
    numbers: Ints,
    new: Ints,
) -> Int:
    """Write the numbers of what is known, and list the lines of what is not; return how many those are."""
    many = 0
    mask = U64(len(table.cells) - 1)
    for line in lines:
        mixed, longest = U64(0), NONE
        for column in columns:
            length = I64(lengths[line, column])
            mixed = _mixed_in(mixed, buffer, starts[line, column], length)
            longest = max(longest, length)
        if longest == NONE:
            numbers[line] = NONE
            continue
        at, found = mixed, NONE
        for _ in range(_PROBES):
            entry = table.cells[at & mask]
            if entry == _EMPTY:
                break
            if table.entries[entry, _HASH] == mixed and _is_of(
                table, entry, buffer, starts, lengths, columns, line
            ):
                found = entry
                break
            at += _ONE
        if found == NONE:
            new[many] = line
            many += 1
        else:
            numbers[line] = I64(table.entries[found, _NUMBER])
    return many


@compiled
def _place(table: _Table, entry: Int) -> Int:
    """Lead a cell to an entry, unless all near its own are taken."""
    mask = U64(len(table.cells) - 1)
    start, mixed = I64(table.entries[entry, _START]), U64(0)
    for field in range(_LENGTHS, table.entries.shape[1]):
        length = I64(table.entries[entry, field]) - I64(1)
        mixed = _mixed_in(mixed, table.arena, start, length)
        start += max(length, I64(0))
    table.entries[entry, _HASH] = mixed
    at = mixed
    for _ in range(_PROBES):
        if table.cells[at & mask] == _EMPTY:
            table.cells[at & mask] = entry
            return True
        at += _ONE
    return False


@compiled
def _mixed_in(mixed: Int, buffer: Octets, start: Int, length: Int) -> Int:
    """Mix a text into a hash, its length included; a length of −1 stands for none.

    Its words are mixed by themselves, each with its place, and added up: none waits for the one before it.
    """
    place, words = _FACTOR, U64(length + 1)
    while length >= _WORD:
        words += _stirred(load64(buffer, start) + place)
        place += _FACTOR
        start += _WORD
        length -= _WORD
    if length > 0:
        words += _stirred((load64(buffer, start) & _low(length)) + place)
    return _stirred(mixed ^ words)


@inlined
def _stirred(word: Int) -> Int:
    product = word * _FACTOR
    return product ^ product >> _HALF


@inlined
def _low(octets: Int) -> Int:
    """Return a mask of the first bytes of a word, at least one."""
    return _FULL >> U64(8 * (_WORD - octets))


@inlined
def _is_of(
    table: _Table, entry: Int, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, line: Int
) -> Int:
    """Tell whether an entry is of the texts of a line."""
    at = I64(table.entries[entry, _START])
    for field in range(len(columns)):
        length = I64(lengths[line, columns[field]])
        if I64(table.entries[entry, _LENGTHS + field]) != length + 1:
            return False
        if length > 0:
            if not _alike(table.arena, at, buffer, starts[line, columns[field]], length):
                return False
            at += length
    return True


@compiled
def _alike(left: Octets, i: Int, right: Octets, j: Int, length: Int) -> Int:
    while length >= _WORD:
        if load64(left, i) != load64(right, j):
            return False
        i += _WORD
        j += _WORD
        length -= _WORD
    return length == 0 or (load64(left, i) ^ load64(right, j)) & _low(length) == U64(0)

"""Numbers for texts, or tuples of texts, that come again and again: each is looked at once, by Python."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import PADDING, Octets, load64

Ints = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.int32]
TextTuple = tuple[bytes | None, ...]

NONE = I64(-1)
"""The length of no text, and the number of none."""

_WORD = 8
_PROBES = 8
"""How far a search goes: texts that find no room so near stay in Python's dictionary alone.

So nobody who chooses texts with one hash makes a search long: he gains a microsecond each.
"""
_EMPTY = I64(-1)
# An odd number with as many ones as zeros in an irregular order: 2⁶⁴ ÷ the golden ratio.
_FACTOR = U64(0x9E3779B97F4A7C15)
_HALF, _ONE = U64(32), U64(1)
_FULL = U64(0xFFFFFFFFFFFFFFFF)
_LEAST_CELLS, _LEAST_ARENA, _LEAST_ENTRIES = 256, 4096, 64


class _Table(NamedTuple):
    """Open addressing: `cells` hold the index of an entry or _EMPTY.

    An entry has its hash, its number, where its texts begin in the arena, one behind the other, and their
    lengths (−1 where there is none).
    """

    cells: Ints
    hashes: npt.NDArray[np.uint64]
    numbers: Ints
    starts: Ints
    lengths: npt.NDArray[np.int32]
    arena: Octets


class Texts:
    """Tuples of texts seen, each with the number that `number_of` gave it when it came first.

    A number below 0 is not remembered. A tuple without any text has the number −1. Once there are `most`, all
    are forgotten: where that is given, numbers must not depend on which came first.
    """

    def __init__(self, fields: int, number_of: Callable[[TextTuple], int], most: int | None = None) -> None:
        self._fields = fields
        self._number_of = number_of
        self._most = most
        self.clear()

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Forget all texts."""
        self._known: dict[TextTuple, int] = {}
        self._placed = self._used = 0
        self._table = _Table(
            np.full(_LEAST_CELLS, _EMPTY),
            np.zeros(_LEAST_ENTRIES, np.uint64),
            np.zeros(_LEAST_ENTRIES, np.int64),
            np.zeros(_LEAST_ENTRIES, np.int64),
            np.zeros((_LEAST_ENTRIES, self._fields), np.int32),
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
        for line in new[:many].tolist():
            places = zip(starts[line, columns].tolist(), lengths[line, columns].tolist(), strict=True)
            texts = tuple(
                None if length < 0 else buffer[start : start + length].tobytes() for start, length in places
            )
            numbers[line] = self.number(texts)

    def number(self, texts: TextTuple) -> int:
        """Return the number of a tuple of texts."""
        number = self._known.get(texts)
        if number is None:
            if len(self._known) == self._most:
                self.clear()
            number = self._number_of(texts)
            if number >= 0:
                self._known[texts] = number
                self._place(texts, number)
        return number

    def _place(self, texts: TextTuple, number: int) -> None:
        joined = b"".join(text or b"" for text in texts)
        self._make_room(len(joined))
        table, entry = self._table, self._placed
        table.arena[self._used : self._used + len(joined)] = np.frombuffer(joined, np.uint8)
        table.starts[entry], table.numbers[entry] = self._used, number
        table.lengths[entry] = [-1 if text is None else len(text) for text in texts]
        if _place(table, entry):
            self._placed += 1
            self._used += len(joined)

    def _make_room(self, octets: int) -> None:
        table = self._table
        if self._placed == len(table.hashes):
            table = table._replace(
                hashes=_doubled(table.hashes),
                numbers=_doubled(table.numbers),
                starts=_doubled(table.starts),
                lengths=_doubled(table.lengths),
            )
        while self._used + octets + PADDING > len(table.arena):
            table = table._replace(arena=_doubled(table.arena))
        self._table = table
        if 4 * self._placed >= len(table.cells):
            self._table = table._replace(cells=np.full(2 * len(table.cells), _EMPTY))
            for entry in range(self._placed):
                # One that finds no room any more is found by Python's dictionary.
                _place(self._table, entry)


def only(texts: TextTuple) -> str:
    """Return the text of a tuple that has but one."""
    (written,) = texts
    return (written or b"").decode()


def _doubled(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.concatenate([column, np.zeros_like(column)])


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
            if table.hashes[entry] == mixed and _is_of(table, entry, buffer, starts, lengths, columns, line):
                found = entry
                break
            at += _ONE
        if found == NONE:
            new[many] = line
            many += 1
        else:
            numbers[line] = table.numbers[found]
    return many


@compiled
def _place(table: _Table, entry: Int) -> Int:
    """Lead a cell to an entry, unless all near its own are taken."""
    mask = U64(len(table.cells) - 1)
    start, mixed = table.starts[entry], U64(0)
    for field in range(table.lengths.shape[1]):
        length = I64(table.lengths[entry, field])
        mixed = _mixed_in(mixed, table.arena, start, length)
        start += max(length, I64(0))
    table.hashes[entry] = mixed
    at = mixed
    for _ in range(_PROBES):
        if table.cells[at & mask] == _EMPTY:
            table.cells[at & mask] = entry
            return True
        at += _ONE
    return False


@compiled
def _mixed_in(mixed: Int, buffer: Octets, start: Int, length: Int) -> Int:
    """Mix a text into a hash, its length included; a length of −1 stands for none."""
    mixed = _stirred(mixed ^ U64(length + 1))
    while length >= _WORD:
        mixed = _stirred(mixed ^ load64(buffer, start))
        start += _WORD
        length -= _WORD
    if length > 0:
        mixed = _stirred(mixed ^ load64(buffer, start) & _low(length))
    return mixed


@inlined
def _stirred(mixed: Int) -> Int:
    mixed *= _FACTOR
    return mixed ^ mixed >> _HALF


@inlined
def _low(octets: Int) -> Int:
    """Return a mask of the first bytes of a word, at least one."""
    return _FULL >> U64(8 * (_WORD - octets))


@inlined
def _is_of(
    table: _Table, entry: Int, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, line: Int
) -> Int:
    """Tell whether an entry is of the texts of a line."""
    at = table.starts[entry]
    for field in range(len(columns)):
        length = I64(lengths[line, columns[field]])
        if length != table.lengths[entry, field]:
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

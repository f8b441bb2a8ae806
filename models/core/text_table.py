"""The table behind models.core.texts: tuples of texts by their hash, and the loops that look them up."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets, load64

Ints = npt.NDArray[np.int64]
Lengths = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]

NONE = I64(-1)
"""The length of no text, and the number of none."""
WORD = 8
LINE = 64
"""How much a processor takes from memory at once; entries go on for as much."""
EMPTY = I64(-1)
NUMBER_AT, LENGTHS_AT, LENGTH_SIZE = 8, 16, 4
"""An entry: a hash, a number, and of each text its length + 1; the texts begin at the next word."""

_PROBES = 8
"""How far a search goes: nobody who chooses texts with one hash makes it longer."""
# 2⁶⁴ ÷ the golden ratio.
_FACTOR = U64(0x9E3779B97F4A7C15)
_NOTHING, _ONE, _BYTE = U64(0), U64(1), U64(8)
_HALF, _FULL, _LOW_HALF = U64(32), U64(0xFFFFFFFFFFFFFFFF), U64(0xFFFFFFFF)


class Table(NamedTuple):
    """Open addressing: `cells` hold where an entry is, in words, or EMPTY.

    All that is known of a tuple of texts is in one place with them: a search waits for memory twice.
    """

    cells: npt.NDArray[np.int32]
    entries: Octets


@compiled
def _hash(buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, lines: Ints, hashes: Hashes) -> None:
    """Hash the texts of each line; _NOTHING where there is none."""
    for index in range(len(lines)):
        line, mixed, longest = lines[index], U64(0), NONE
        for column in columns:
            length = I64(lengths[line, column])
            mixed = _mixed_in(mixed, buffer, starts[line, column], length)
            longest = max(longest, length)
        hashes[index] = _NOTHING if longest == NONE else max(mixed, _ONE)


@compiled
def _touch(table: Table, hashes: Hashes, places: Ints) -> Int:
    """Read where the search for each hash begins and leads to; what is returned means nothing.

    Of such reads many are under way at once, of the searches that come after them only one: of 500 000 leaves
    each would wait for memory.
    """
    mask, read = U64(len(table.cells) - 1), U64(0)
    for index in range(len(hashes)):
        places[index] = table.cells[hashes[index] & mask]
    for index in range(len(hashes)):
        if places[index] != EMPTY:
            entry = U64(places[index] * WORD)
            read |= U64(table.entries[entry]) | U64(table.entries[entry + U64(LINE)])
    return read


@compiled
def find(
    table: Table,
    buffer: Octets,
    starts: Ints,
    lengths: Lengths,
    columns: Ints,
    lines: Ints,
    numbers: Ints,
    hashes: Hashes,
    new: Ints,
) -> tuple[Int, Int]:
    """Write the numbers of what is known, and list the lines of what is not; return first how many those are.

    `hashes` and `new` have room for all lines; the first of `hashes` are then those of the lines listed.
    """
    _hash(buffer, starts, lengths, columns, lines, hashes)
    # Handed on: what nobody uses, the compiler leaves out.
    read, many = _touch(table, hashes, new), 0
    mask = U64(len(table.cells) - 1)
    for index in range(len(lines)):
        line, hashed = lines[index], hashes[index]
        numbers[line] = NONE
        if hashed == _NOTHING:
            continue
        at = hashed
        for _ in range(_PROBES):
            entry: Int = I64(table.cells[at & mask]) * WORD
            if entry < 0:
                break
            if load64(table.entries, entry) == hashed and _is_of(
                table.entries, entry, buffer, starts, lengths, columns, line
            ):
                numbers[line] = I64(load64(table.entries, entry + NUMBER_AT))
                break
            at += _ONE
        if numbers[line] == NONE:
            new[many], hashes[many] = line, hashed
            many += 1
    return many, read


@compiled
def enter(table: Table, entry: Int, fields: Int) -> Int:
    """Work out an entry's hash, and lead a cell to it, unless all near its own are taken."""
    hashed, start = U64(0), entry + texts_begin(fields)
    for field in range(fields):
        length = _length(table.entries, entry, field)
        hashed = _mixed_in(hashed, table.entries, start, length)
        start += max(length, I64(0))
    hashed = max(hashed, _ONE)
    for index in range(WORD):
        table.entries[entry + index] = hashed >> _BYTE * U64(index) & U64(0xFF)
    mask, at = U64(len(table.cells) - 1), hashed
    for _ in range(_PROBES):
        if table.cells[at & mask] == EMPTY:
            table.cells[at & mask] = entry // WORD
            return True
        at += _ONE
    return False


@compiled
def enter_all(table: Table, end: Int, fields: Int) -> None:
    """Lead cells to all entries, of which none was left out with half as many cells.

    Nor is one now: those that stood in an entry's way are among those that did before.
    """
    entry = 0
    while entry < end:
        enter(table, entry, fields)
        size = 0
        for field in range(fields):
            size += max(_length(table.entries, entry, field), I64(0))
        entry += texts_begin(fields) + _whole_words(size)


@inlined
def texts_begin(fields: Int) -> Int:
    """Return where in an entry its texts begin."""
    return _whole_words(LENGTHS_AT + fields * LENGTH_SIZE)


@inlined
def _whole_words(octets: Int) -> Int:
    return (octets + WORD - 1) // WORD * WORD


@inlined
def _length(entries: Octets, entry: Int, field: Int) -> Int:
    """Return the length of one of an entry's texts."""
    return I64(load64(entries, entry + LENGTHS_AT + field * LENGTH_SIZE) & _LOW_HALF) - I64(1)


@compiled
def _mixed_in(mixed: Int, buffer: Octets, start: Int, length: Int) -> Int:
    """Mix a text into a hash, its length included; a length of −1 stands for none.

    Its words are mixed by themselves, each with its place, and added up: none waits for the one before it.
    """
    place, words = _FACTOR, U64(length + 1)
    while length >= WORD:
        words += _stirred(load64(buffer, start) + place)
        place += _FACTOR
        start += WORD
        length -= WORD
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
    return _FULL >> U64(8 * (WORD - octets))


@inlined
def _is_of(
    entries: Octets, entry: Int, buffer: Octets, starts: Ints, lengths: Lengths, columns: Ints, line: Int
) -> Int:
    """Tell whether an entry is of the texts of a line."""
    at = entry + texts_begin(len(columns))
    for field in range(len(columns)):
        length = I64(lengths[line, columns[field]])
        if _length(entries, entry, field) != length:
            return False
        if length > 0:
            if not _alike(entries, at, buffer, starts[line, columns[field]], length):
                return False
            at += length
    return True


@compiled
def _alike(left: Octets, i: Int, right: Octets, j: Int, length: Int) -> Int:
    while length >= WORD:
        if load64(left, i) != load64(right, j):
            return False
        i += WORD
        j += WORD
        length -= WORD
    return length == 0 or (load64(left, i) ^ load64(right, j)) & _low(length) == U64(0)

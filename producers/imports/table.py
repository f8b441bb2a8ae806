"""A CSV file as rows, whatever its encoding, delimiter and preamble; each row knows the line it begins in."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import IncrementalNewlineDecoder
from itertools import chain, islice
from pathlib import Path
from typing import IO

from producers.archives import UnreadableFile, uncompressed

DELIMITERS = (",", ";", "\t", "|")
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 65_536
_HEADER_WITHIN = 20
_LONGEST_LINE = 2_000_000
_LONGEST_CELL = 131_072


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line that it begins in, counted from 1, and its cells, or why it cannot be read."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's header, the line it is in, and the rows after it: not blank, read as they are asked for."""

    header: tuple[str, ...]
    line: int
    rows: Iterator[Row]


def read_table(
    file: IO[bytes], name: str, wanted: frozenset[str], encoding: str | None, delimiter: str | None
) -> Table:
    """Find the header, the row with most of the `wanted` columns near the beginning, and read what follows.

    Where they are None, encoding and delimiter are told by the file: its mark, and what gives a header.

    Raises:
        UnreadableFile: it is no text of the encoding, no CSV, or has no such header; also as rows are read.

    """
    lines = _lines(file, name, encoding)
    head = list(islice(lines, _HEADER_WITHIN))
    found = [
        (len(wanted & set(row.cells)), -index, each, row)
        for each in ([delimiter] if delimiter else DELIMITERS)
        for index, row in enumerate(_parsed(name, head, each, within_head=True))
    ]
    best = max(found, key=lambda one: one[:2], default=None)
    if best is None or not best[0]:
        raise UnreadableFile(_no_header(name, wanted, found[0][3] if found else None))
    _, _, chosen, header = best
    rows = _parsed(name, chain(head, lines), chosen)
    return Table(header.cells, header.line, (row for row in rows if row.line > header.line))


def _no_header(name: str, wanted: Iterable[str], first: Row | None) -> str:
    if first is None:
        return f"{name}: is empty."
    has = ", ".join(cell[:40] for cell in first.cells[:12]) or "nothing"
    return (
        f"{name}: none of its first {_HEADER_WITHIN} lines names any column of the map "
        f"({', '.join(sorted(wanted)[:12])}). Line {first.line} has: {has}."
    )


def _lines(file: IO[bytes], name: str, encoding: str | None) -> Iterator[str]:
    """Yield lines, each ended by a line feed: carriage returns are read as such."""
    start = file.read(2)
    pieces: Iterator[bytes] = chain([start], iter(lambda: file.read(_CHUNK), b""))
    if encoding is None:
        encoding = "utf-16" if start in _UTF_16_MARKS else "utf-8"
    if encoding != "utf-16":
        stream = _Joined(pieces)
        pieces = uncompressed(name, stream.read)
    decoder = IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    number, rest = 0, ""
    for piece in chain(pieces, [b""]):
        try:
            text = rest + decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            before = rest + error.object[: error.start].decode(encoding, "ignore")
            at = number + 1 + before.count("\n")
            raise UnreadableFile(_not_text(name, at, encoding)) from None
        *complete, rest = text.split("\n")
        for line in complete:
            number += 1
            yield _checked(name, number, line) + "\n"
        if len(rest) > _LONGEST_LINE:
            raise UnreadableFile(
                f"{name}:{number + 1}: a line of more than {_LONGEST_LINE:,} characters: no CSV."
            )
    if rest:
        yield _checked(name, number + 1, rest)


class _Joined:
    """Pieces as a stream that is read in pieces: what looks for an archive's first bytes asks so."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, _: int) -> bytes:
        return next(self._pieces, b"")


def _checked(name: str, number: int, line: str) -> str:
    if "\0" in line:
        raise UnreadableFile(
            f"{name}:{number}: holds a NUL character, which no text does. "
            "If it is UTF-16 without a mark, put file: {encoding: utf-16} into the map."
        )
    return line


def _not_text(name: str, number: int, encoding: str) -> str:
    other = "windows-1252" if encoding == "utf-8" else "utf-8"
    return (
        f"{name}:{number}: is not text in {encoding}; "
        f"put its encoding into the map, such as file: {{encoding: {other}}}."
    )


def _parsed(name: str, lines: Iterable[str], delimiter: str, *, within_head: bool = False) -> Iterator[Row]:
    """Parse rows; in the head of a file a row may be cut off."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = tuple(cell.strip() for cell in next(reader))
            if any(cells):
                yield Row(line, cells)
        except StopIteration:
            return
        except csv.Error as error:
            if within_head:
                return
            yield Row(line, problem=_explained(name, line, str(error), delimiter))
        line = reader.line_num + 1


def _explained(name: str, line: int, error: str, delimiter: str) -> str:
    if "field limit" in error:
        # What follows would be read as if it began within the cell.
        raise UnreadableFile(
            f"{name}:{line}: a cell of more than {_LONGEST_CELL:,} characters begins in this row: "
            "is a quote never closed?"
        )
    if "unexpected end" in error:
        return "a quote is never closed"
    return f"after a closing quote comes something else than {delimiter!r}"


def opened(file: str) -> IO[bytes]:
    """Open a file to be read.

    Raises:
        UnreadableFile: it cannot be opened.

    """
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise UnreadableFile(f"{file}: cannot be read ({error.strerror}).") from None

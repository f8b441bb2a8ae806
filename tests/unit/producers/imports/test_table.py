"""CSV files as people have them: any delimiter, any encoding, a preamble; and those made to do harm."""

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.archives import UnreadableFile
from producers.imports.table import DELIMITERS, Row, read_table

WANTED = frozenset(("Views", "Permalink"))
CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)


def rows(content: bytes | str, encoding: str | None = None, delimiter: str | None = None) -> list[Row]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_table(io.BytesIO(raw), "f.csv", WANTED, encoding, delimiter).rows)


def cells(content: bytes | str, encoding: str | None = None) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(content, encoding)]


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_told_by_the_header(delimiter: str) -> None:
    assert cells(delimiter.join(["Views", "Permalink"]) + "\n" + delimiter.join(["1", "x"])) == [("1", "x")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_row_knows_the_line_that_it_begins_in(end: str) -> None:
    found = rows(end.join(["Views,Permalink", '1,"a', 'b"', "", "2,c"]))
    assert [(row.line, row.cells) for row in found] == [(2, ("1", "a\nb")), (5, ("2", "c"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_told_by_its_mark(encoding: str) -> None:
    assert cells('"Views",Permalink\n1,é'.encode(encoding)) == [("1", "é")]


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
def test_an_encoding_that_has_no_mark_is_named_by_the_map(encoding: str) -> None:
    content = "Views,Permalink\n1,é".encode(encoding)
    assert cells(content, encoding) == [("1", "é")]
    with pytest.raises(UnreadableFile, match=r"f\.csv:2: is not text in utf-8; .*encoding: windows-1252"):
        rows(content)


def test_what_stands_before_the_header_is_passed_over() -> None:
    assert cells('sep=;\nReport of "ana"\n\nViews;Permalink\n1;x') == [("1", "x")]


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"PK\x03\x04", "a zip archive or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0", "a spreadsheet in the format of"),
    ],
)
def test_a_compressed_file_is_read_and_a_spreadsheet_named(start: bytes, said: str) -> None:
    assert cells(gzip.compress(b"Views,Permalink\n1,x")) == [("1", "x")]
    with pytest.raises(UnreadableFile, match=f"is {said}"):
        rows(start + b" and more")


def test_a_file_without_a_column_of_the_map_says_what_it_has() -> None:
    with pytest.raises(UnreadableFile, match=r"Permalink, Views\)\. Line 1 has: Vues, Lien"):
        rows("Vues,Lien\n1,x")
    with pytest.raises(UnreadableFile, match="is empty"):
        rows("\n\n")


def test_a_nul_is_no_text() -> None:
    with pytest.raises(UnreadableFile, match=r"f\.csv:2: holds a NUL character"):
        rows("Views,Permalink\n1,x\0y")
    with pytest.raises(UnreadableFile, match="utf-16"):
        rows("Views,Permalink\n1,x".encode("utf-16-le"))


def test_a_cell_of_a_megabyte_is_named_by_its_line_and_ends_the_reading() -> None:
    with pytest.raises(UnreadableFile, match=r"f\.csv:3: a cell of more than 131,072 characters"):
        rows("Views,Permalink\n1,x\n2," + "x" * 1_000_000 + "\n3,y")


def test_a_quote_that_is_never_closed_is_named_where_it_begins() -> None:
    found = rows('Views,Permalink\n1,x\n2,"y\n3,z\n')
    assert [(row.line, row.problem) for row in found][1] == (3, "a quote is never closed")
    with pytest.raises(UnreadableFile, match=r"f\.csv:3: a cell .* is a quote never closed"):
        rows('Views,Permalink\n1,x\n2,"y\n' + "3,z\n" * 100_000)


def test_a_row_with_a_stray_quote_is_refused_and_the_next_is_read() -> None:
    found = rows('Views,Permalink\n1,"x"y\n2,z')
    assert [bool(row.problem) for row in found] == [True, False]
    assert found[1].cells == ("2", "z")


def test_a_line_that_never_ends_is_not_gathered() -> None:
    with pytest.raises(UnreadableFile, match="a line of more than 2,000,000 characters"):
        rows(b"Views,Permalink\n" + b"x" * 3_000_000)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2)), st.sampled_from(DELIMITERS), st.booleans())
def test_whatever_cells_hold_is_read_back(table: list[list[str]], delimiter: str, marked: bool) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(
        [["Views", "Permalink"], *table]
    )
    content = written.getvalue().encode("utf-8-sig" if marked else "utf-8")
    stripped = [tuple(cell.strip() for cell in row) for row in table]
    assert cells(content) == [row for row in stripped if any(row)]


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_give_rows_or_a_sentence(content: bytes) -> None:
    try:
        found = rows(b"Views,Permalink\n" + content)
    except UnreadableFile as error:
        assert str(error).startswith("f.csv")
    else:
        assert all(row.problem or row.cells for row in found)

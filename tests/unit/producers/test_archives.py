"""What a file holds is told by its bytes, whatever its name; what cannot be read is named with its remedy."""

import gzip
import io
import re
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from producers.archives import UnreadableFile, uncompressed
from producers.files import read_lines, writer


def gzipped(content: bytes) -> bytes:
    """Compress without the time of day: it would be in names of tests, which two processes must agree on."""
    return gzip.compress(content, mtime=0)


TEXT = b'{"type":"click"}\n' * 30
GZIP, ZSTD = gzipped(TEXT), zstandard.compress(TEXT)
SKIPPABLE = b"\x5e\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"index"
LONG = (
    # zstd --long=28: a frame whose window is 256 MiB.
    b"\x28\xb5\x2f\xfd\x00\x90" + (len(TEXT) << 3 | 1).to_bytes(3, "little") + TEXT
)


def text(content: bytes, piece: int = 1 << 20) -> bytes:
    stream = io.BytesIO(content)
    return b"".join(uncompressed("events", lambda size: stream.read(min(size, piece))))


def complaint(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        text(content)
    return str(caught.value)


@pytest.mark.parametrize("name", ["events", "e.gz", "e.GZ", "e.zst", "e.ndjson", "e.txt.Zst", "e.json.gz"])
@pytest.mark.parametrize("content", [TEXT, GZIP, ZSTD], ids=["text", "gzip", "zstd"])
def test_the_name_of_a_file_does_not_matter(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [line.value for lines in read_lines(str(path)) for line in lines] == TEXT.splitlines()


@pytest.mark.parametrize(("name", "magic"), [("e.GZ", b"\x1f\x8b"), ("e.Zst", b"\x28\xb5\x2f\xfd")])
def test_a_file_is_written_compressed_whatever_the_case_of_its_ending(
    tmp_path: Path, name: str, magic: bytes
) -> None:
    with writer(str(tmp_path / name)) as put:
        put(TEXT)
    assert (tmp_path / name).read_bytes().startswith(magic)


@given(
    st.lists(st.sampled_from([GZIP, ZSTD, gzipped(b""), zstandard.compress(b""), SKIPPABLE]), min_size=1),
    st.integers(0, 40),
    st.integers(1, 50),
)
def test_members_of_either_form_are_read_whole_however_the_bytes_come(
    members: list[bytes], padding: int, piece: int
) -> None:
    assert text(b"".join(members) + bytes(padding), piece) == TEXT * (
        members.count(GZIP) + members.count(ZSTD)
    )


@given(st.integers(1, len(TEXT)), st.booleans())
def test_text_comes_as_it_is_however_the_bytes_come(piece: int, marked: bool) -> None:
    assert text(b"\xef\xbb\xbf" * marked + TEXT, piece) == TEXT


@pytest.mark.parametrize("form", [gzipped, zstandard.compress])
def test_a_byte_order_mark_in_an_archive_is_no_part_of_the_text(form: type) -> None:
    assert text(form(b"\xef\xbb\xbf" + TEXT)) == TEXT


def test_an_empty_stream_is_text_without_lines() -> None:
    assert text(b"") == b""


def test_a_long_window_is_read() -> None:
    assert zstandard.get_frame_parameters(LONG).window_size == 2**28
    assert text(LONG) == TEXT


def test_a_window_beyond_what_is_read_is_named() -> None:
    said = complaint(LONG[:5] + b"\xb0" + LONG[6:])
    assert said.startswith("events: its window is longer than 2 GiB, the most that this reads; compress it")


@pytest.mark.parametrize("before", [b"", ZSTD])
def test_a_dictionary_is_named(before: bytes) -> None:
    dictionary = zstandard.train_dictionary(1000, [b'{"type":"click","n":%d}' % n for n in range(5000)])
    content = zstandard.ZstdCompressor(dict_data=dictionary).compress(TEXT)
    assert complaint(before + content) == (
        "events: it is compressed with a dictionary, which this cannot read; compress it without one (-D)."
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "is a zip archive or a spreadsheet, which this cannot read; unpack or export"),
        (b"PK\x05\x06", "is an empty zip archive, which this cannot read; unpack it first."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a spreadsheet in the format of Excel 97, which this"),
        (b"%PDF-1.7\n", "is a PDF document, which this cannot read; export what is in it first."),
        (b"7z\xbc\xaf\x27\x1crest", "is a 7z archive, which this cannot read; unpack it first."),
        (b"BZh91AY&SY", "is a bzip2 archive, which this cannot read; decompress it first: bzip2 -d."),
        (b"\xfd7zXZ\x00rest", "is an xz archive, which this cannot read; decompress it first: xz -d."),
        (b"\x04\x22\x4d\x18", "is an lz4 archive, which this cannot read; decompress it first: lz4 -d."),
        (b"\xff\x06\x00\x00sNaPpY", "is a snappy archive"),
        (b"PAR1\x15\x04", "is a Parquet file, which this cannot read; export it with one JSON"),
        (b"Obj\x01\x04", "is an Avro file"),
        (b"ORC\x08", "is an ORC file"),
        (b"a" * 257 + b"ustar\x00", "is a tar archive, which this cannot read; unpack it first."),
        ("\ufeff{}".encode("utf-16-le"), "is UTF-16 text, which this cannot read; convert it first: iconv"),
        ("\ufeff{}".encode("utf-16-be"), "iconv -f UTF-16 -t UTF-8."),
        ("{}".encode("utf-16-le"), "iconv -f UTF-16LE -t UTF-8."),
        ("{}".encode("utf-16-be"), "iconv -f UTF-16BE -t UTF-8."),
        ("\ufeff{}".encode("utf-32-le"), "is UTF-32 text"),
        ("\ufeff{}".encode("utf-32-be"), "is UTF-32 text"),
        (gzipped(GZIP), "holds another archive (gzip), which this cannot read; decompress it once."),
        (zstandard.compress(GZIP), "holds another archive (gzip)"),
        (gzipped(ZSTD), "holds another archive (zstd)"),
        (gzipped(b"a" * 257 + b"ustar\x00"), "holds a tar archive, which this cannot read; unpack it"),
        (gzipped("\ufeff{}".encode("utf-16")), "holds UTF-16 text"),
        (GZIP + b"something else", "after the end of its archive comes something else."),
        (ZSTD + b"x", "after the end of its archive comes something else."),
        (GZIP[:-1], "the archive is torn: it ends before its end mark."),
        (b"\x1f\x8b", "the archive is torn: it ends before its end mark."),
        (ZSTD[:4], "the archive is torn: it ends before its end mark."),
        (b"\x1f\x8b\xff\xff" + bytes(20), "the archive is corrupt (Error -3 while decompressing data"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_remedy(content: bytes, said: str) -> None:
    assert re.fullmatch(f"events: .*{re.escape(said)}.*", complaint(content))


@given(st.sampled_from([GZIP, ZSTD, ZSTD + GZIP, SKIPPABLE + ZSTD]), st.integers(0), st.binary(max_size=9))
def test_damage_of_any_kind_is_an_error_that_names_the_file_or_leaves_the_text(
    content: bytes, at: int, other: bytes
) -> None:
    at %= len(content)
    try:
        text(content[:at] + other + content[at + len(other) :])
    except UnreadableFile as error:
        assert str(error).startswith("events: ")

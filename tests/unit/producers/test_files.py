"""Lines come out of files as they went in, and a damaged archive is an error that names the file."""

import gzip
import os
import subprocess
import sys
import threading
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from producers.archives import UnreadableFile
from producers.files import MAX_LINE, Line, UnwritableFile, read_lines, writer

ROOT = Path(__file__).parents[3]
ENDINGS = ["", ".gz", ".zst"]
EVENTS = b"".join(b'{"n":%d,"filler":"%s"}\n' % (n, os.urandom(20).hex().encode()) for n in range(20_000))


def values(path: Path) -> list[bytes]:
    return [line.value for line in chain.from_iterable(read_lines(str(path)))]


@cache
def archive(ending: str) -> bytes:
    """Return what a file of all events holds, written once: to compress is slow."""
    with TemporaryDirectory() as directory:
        return write(Path(directory) / f"events{ending}", EVENTS).read_bytes()


def write(path: Path, content: bytes) -> Path:
    with writer(str(path)) as put:
        put(content)
    return path


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_written_is_read(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"events.ndjson{ending}", EVENTS)
    assert values(path) == EVENTS.splitlines()


def test_compressed_files_are_what_other_programs_read(tmp_path: Path) -> None:
    zipped = write(tmp_path / "events.gz", EVENTS)
    zstd = write(tmp_path / "events.zst", EVENTS)
    assert gzip.decompress(zipped.read_bytes()) == EVENTS
    assert zstandard.ZstdDecompressor().stream_reader(zstd.read_bytes()).read() == EVENTS


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize("kept", [0.001, 0.5, 0.999])
def test_a_torn_archive_is_named_after_the_lines_before_the_tear(
    tmp_path: Path, ending: str, kept: float
) -> None:
    whole, path = archive(ending), tmp_path / f"torn{ending}"
    path.write_bytes(whole[: int(kept * len(whole))])
    before: list[Line] = []
    with pytest.raises(UnreadableFile, match=f"torn{ending}: the archive is torn"):
        for lines in read_lines(str(path)):
            before += lines
    expected = EVENTS.splitlines()
    assert [line.value for line in before] == expected[: len(before)]
    assert len(before) >= (10_000 * kept if kept >= 0.5 else 0) * 0.9


def test_a_flipped_byte_in_an_archive_is_noticed(tmp_path: Path) -> None:
    path, content = tmp_path / "flipped.gz", bytearray(archive(".gz"))
    content[-6] ^= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"flipped\.gz"):
        values(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.ndjson: cannot be read"):
        values(tmp_path / "nowhere.ndjson")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableFile, match=r"out\.gz: cannot be written"):
        write(tmp_path / "no-such-directory" / "out.gz", b"")


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "gaps", b"\n\nfirst\n \t\r\nsecond\n\n")
    lines = list(chain.from_iterable(read_lines(str(path))))
    assert [(line.number, line.value) for line in lines] == [(3, b"first"), (5, b"second")]


def test_a_byte_order_mark_is_the_files_not_the_first_events(tmp_path: Path) -> None:
    assert values(write(tmp_path / "marked", b"\xef\xbb\xbf{}\n\xef\xbb\xbf{}\n")) == [
        b"{}",
        b"\xef\xbb\xbf{}",
    ]


def test_a_line_without_end_takes_bounded_memory_and_shows_that_it_was_too_long(tmp_path: Path) -> None:
    path = write(tmp_path / "long", b"x" * 5 * MAX_LINE + b"\nshort\n")
    long, short = values(path)
    assert len(long) == MAX_LINE + 1
    assert short == b"short"


@given(st.lists(st.binary(max_size=30).map(lambda value: b'{"' + value.replace(b"\n", b""))))
def test_any_bytes_but_line_feeds_come_through(lines: list[bytes]) -> None:
    read, written = os.pipe()
    with os.fdopen(written, "wb") as pipe:
        pipe.write(b"\n".join(lines))
    got = [line.value for line in chain.from_iterable(read_lines(f"/dev/fd/{read}"))]
    os.close(read)
    assert got == lines


def test_standard_input_gives_lines_as_soon_as_they_are_there() -> None:
    program = (
        "from itertools import chain\nfrom producers.files import read_lines\n"
        "for line in chain.from_iterable(read_lines('-')): print(line.value.decode(), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        watchdog = threading.Timer(20, process.kill)
        watchdog.start()
        process.stdin.write(b"one\ntw")
        process.stdin.flush()
        assert process.stdout.readline() == b"one\n"
        process.stdin.write(b"o\n")
        process.stdin.close()
        assert process.stdout.readline() == b"two\n"
        watchdog.cancel()

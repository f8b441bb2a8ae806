"""Logs are kept by size, and nothing in them is lost but the oldest."""

import os
import sys
from pathlib import Path

import pytest

from embedded.disk import Disk, Limits, size
from embedded.processes import start_child
from embedded.reaper import Log
from tests.integration.embedded.looking import until


def test_a_log_that_has_grown_is_kept_and_begun_anew(tmp_path: Path) -> None:
    log = Log(str(tmp_path / "a.log"), most_bytes=100, files=3)
    for number in range(30):
        log.write(f"line {number:02}\n".encode())
    log.close()
    kept = [tmp_path / name for name in ("a.log.2", "a.log.1", "a.log")]
    assert sorted(tmp_path.iterdir()) == sorted(kept)
    lines = "".join(file.read_text() for file in kept).splitlines()
    assert lines == [f"line {number:02}" for number in range(30 - len(lines), 30)]
    assert all(file.stat().st_size <= 100 for file in kept)


def test_what_could_not_be_written_is_said_to_be_missing(tmp_path: Path) -> None:
    folder = tmp_path / "not-there"
    log = Log(str(folder / "a.log"))
    log.write(b"lost\n")
    folder.mkdir()
    log.write(b"kept\n")
    log.close()
    assert (folder / "a.log").read_text().split("\n")[1:] == [
        "… 5 bytes are missing here: they could not be written.",
        "kept",
        "",
    ]


def test_a_second_start_adds_to_the_log_and_its_last_lines_are_its_own(tmp_path: Path) -> None:
    for word in ("first", "second"):
        child = start_child([sys.executable, "-c", f"print('{word}')"], cwd=tmp_path, log=tmp_path / "log")
        until(lambda child=child: child.poll() is not None, 10)  # type: ignore[misc]  # Mypy knows no default here.
        assert child.last_lines() == word
    text = (tmp_path / "log").read_text()
    assert text.count("=== started") == 2
    assert "first" in text


@pytest.mark.parametrize(
    ("low", "full", "said"), [(2.0, 0.0, "is nearly full: "), (2.0, 2.0, "is full: "), (0.0, 0.0, "")]
)
def test_a_disk_is_spoken_of_once_and_when_there_is_room_again(
    tmp_path: Path, low: float, full: float, said: str
) -> None:
    stat = os.statvfs(tmp_path)
    total = stat.f_blocks * stat.f_frsize
    disk = Disk(tmp_path, Limits(int(low * total), int(full * total)))
    first = disk.look()
    assert said in first
    assert bool(first) == bool(said)
    assert disk.look() == ""
    assert disk.full == bool(full)


def test_sizes_are_written_as_people_read_them() -> None:
    assert [size(count) for count in (0, 999, 30_000_000, 81_500_000_000)] == [
        "0 bytes", "999 bytes", "30 MB", "81.5 GB",
    ]  # fmt: skip

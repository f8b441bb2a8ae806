"""The folders and files of the spool: who has which, and what a process finds of another."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from producers.collector.records import Numbered
from producers.collector.spool_entries import encode
from producers.collector.spool_files import SpoolFiles
from producers.collector.spool_folders import Folder, SpoolUnusable, open_folders

PRODUCER = b"0123456789abcdef"


def entry(number: int, *, handed: bool = False) -> bytes:
    return encode(Numbered("clicks", b"glow", b"%d" % number, PRODUCER, number), handed=handed)


@contextmanager
def opened(root: Path) -> Iterator[SpoolFiles]:
    with open_folders(root) as (own, left):
        files = files_of(own, left)
        yield files
        files.close()


def files_of(own: Folder, left: list[Folder]) -> SpoolFiles:
    leftovers = [segment for folder in (*left, own) for segment in folder.leftovers()]
    return SpoolFiles(own, leftovers, lambda: 1000.0)


async def read(files: SpoolFiles) -> list[int]:
    """Read all that is to be sent, and let Kafka acknowledge it."""
    found: list[int] = []
    while taken := await files.take():
        records, segment = taken
        found += [record.number for record in records]
        files.settle(segment, len(records))
    return found


def names(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.glob("*/*.*"))


def leave(root: Path, folder: int, number: int, data: bytes) -> None:
    """Leave a segment, as a process that was killed does."""
    place = root / str(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{number:012d}.spool").write_bytes(data)


async def test_what_was_handed_on_before_is_skipped_by_its_process_and_sent_by_the_next(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as files:
        segment = await files.store(entry(0, handed=True) + entry(1))
        segment.unsettled, segment.events = 1, 2
        files.written(segment)
        assert await read(files) == [1]
        assert names(tmp_path) == ["0/000000000001.spool"]
    with opened(tmp_path) as files:
        assert files.events == 2
        assert await read(files) == [0, 1]
        assert (files.events, files.size) == (0, 0)
    assert names(tmp_path) == []


async def test_a_process_takes_over_every_folder_that_is_free_and_none_that_is_not(tmp_path: Path) -> None:
    leave(tmp_path, 0, 7, entry(0))
    leave(tmp_path, 1, 1, entry(1))
    with opened(tmp_path) as first:
        leave(tmp_path, 2, 1, entry(2))
        with opened(tmp_path) as second:
            assert await read(second) == [2]
            segment = await second.store(entry(3))
            second.written(segment)
            assert names(tmp_path)[-1] == "2/000000000002.spool"
        assert await read(first) == [1, 0]
    with opened(tmp_path) as third:
        assert await read(third) == [3]


async def test_segments_are_read_in_their_order_and_kept_until_all_is_acknowledged(tmp_path: Path) -> None:
    leave(tmp_path, 0, 9, entry(0) + entry(1))
    leave(tmp_path, 0, 10, entry(2))
    with opened(tmp_path) as files:
        first = await files.take()
        second = await files.take()
        assert first
        assert second
        assert [record.number for record in first[0] + second[0]] == [0, 1, 2]
        files.settle(second[1], 1)
        assert names(tmp_path) == ["0/000000000009.spool"]
        files.settle(first[1], 2)
        assert names(tmp_path) == []


async def test_a_torn_tail_is_set_aside_and_what_is_before_it_sent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    leave(tmp_path, 0, 1, entry(0) + entry(1)[:-1])
    with opened(tmp_path) as files:
        assert await read(files) == [0]
        assert files.damaged_bytes == len(entry(1)) - 1
    place = f"000000000001-{len(entry(0))}.damaged"
    assert names(tmp_path) == [f"0/{place}"]
    assert place in caplog.text
    with opened(tmp_path) as files:
        files.written(await files.store(entry(5)))
        assert "0/000000000002.spool" in names(tmp_path), "its name is no older file's"


async def test_a_file_that_was_only_just_created_stands_in_nobodys_way(tmp_path: Path) -> None:
    leave(tmp_path, 0, 1, b"")
    leave(tmp_path, 0, 2, entry(0))
    leave(tmp_path, 0, 3, b"")
    with opened(tmp_path) as files:
        assert files.has_unread
        assert await read(files) == [0]
    assert names(tmp_path) == []


async def test_where_damaged_bytes_cannot_be_set_aside_the_whole_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    data = entry(0) + b"junk" + entry(1)
    leave(tmp_path, 0, 1, data)
    monkeypatch.setattr(Path, "write_bytes", fails)
    with opened(tmp_path) as files:
        assert await read(files) == [0, 1]
        assert files.damaged_bytes == 4
    assert (tmp_path / "0" / "000000000001.damaged").read_bytes() == data


async def test_a_segment_that_cannot_be_read_is_set_aside_and_the_next_ones_are_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(tmp_path, 0, 1, entry(0))
    leave(tmp_path, 0, 2, entry(1))
    with opened(tmp_path) as files:
        opening = Path.open

        def fails(path: Path, mode: str = "r") -> object:
            if path.name == "000000000001.spool":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return opening(path, mode)

        monkeypatch.setattr(Path, "open", fails)
        assert await read(files) == [1]
        assert files.damaged_bytes == len(entry(0))
    assert names(tmp_path) == ["0/000000000001.damaged"]


async def test_a_large_spool_is_in_segments_of_bounded_size(tmp_path: Path) -> None:
    large = encode(Numbered("clicks", b"glow", bytes(900_000), PRODUCER, 0), handed=False)
    with opened(tmp_path) as files:
        for _ in range(10):
            files.written(await files.store(large))
        assert len(names(tmp_path)) == 2
        assert files.size == 10 * len(large)
        assert files.oldest_seconds == 0.0
        assert len(await read(files)) == 10
    assert names(tmp_path) == []


def test_a_place_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(SpoolUnusable, match=r"file.*Not a directory.*KPIS_DATA_DIR"),
        opened(tmp_path / "file"),
    ):
        pass

"""The folders of the spool: each process writes its own, and takes over what others left."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from producers.collector.spool_entries import count as count_entries
from producers.collector.spool_segments import SUFFIX, Segment, sync_folder

_LOCK = "lock"


class SpoolUnusable(Exception):
    """No folder of the spool can be used; the message says where, why and what to do."""


class Folder:
    """A folder whose lock we hold: as long as the process lives, nobody else reads or writes it."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock
        numbers = [int(found.stem.split("-")[0]) for found in path.glob("[0-9]*.*")]
        self._next = max(numbers, default=0) + 1

    def leftovers(self) -> list[Segment]:
        """Return the segments that an earlier process left, the oldest first."""
        return [
            Segment(
                path, stat.st_mtime, size=stat.st_size, events=count_entries(path.read_bytes()), ours=False
            )
            for path in self._files()
            if (stat := path.stat())
        ]

    def new_segment(self, begun: float) -> Segment:
        """Name a segment; its first entries create the file."""
        path = self.path / f"{self._next:012d}{SUFFIX}"
        self._next += 1
        return Segment(path, begun, ours=True)

    def release(self) -> None:
        """Let others have it."""
        os.close(self._lock)

    def _files(self) -> list[Path]:
        return sorted(self.path.glob(f"[0-9]*{SUFFIX}"))


@contextmanager
def open_folders(root: Path) -> Iterator[tuple[Folder, list[Folder]]]:
    """Lock a folder of our own under `root`, the first that is free, and those that dead processes left.

    Raises:
        SpoolUnusable: nothing can be written there.

    """
    held: list[Folder] = []
    try:
        try:
            held.append(_own(root))
            held += _left(root)
        except OSError as error:
            raise SpoolUnusable(
                f"{error.filename or root}: no events can be kept here while Kafka is away "
                f"({error.strerror}). Make it writable, or set KPIS_DATA_DIR to a folder that is."
            ) from None
        yield held[0], held[1:]
    finally:
        for folder in held:
            folder.release()


def _own(root: Path) -> Folder:
    return next(folder for number in count() if (folder := _locked(root / str(number), create=True)))


def _left(root: Path) -> list[Folder]:
    """Lock the folders that hold segments and no process has."""
    others = sorted(path for path in root.iterdir() if path.name.isdecimal() and any(path.glob(f"*{SUFFIX}")))
    return [folder for path in others if (folder := _locked(path, create=False))]


def _locked(path: Path, *, create: bool) -> Folder | None:
    if create and not path.exists():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(path.parent)
    lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except OSError:
        os.close(lock)
        raise
    return Folder(path, lock)

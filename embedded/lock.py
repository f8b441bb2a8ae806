"""One server at a time in a data directory."""

import errno
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from embedded import ServerFailed
from embedded.reaper import GRACE

_LOCK = "lock"
# The server of a killed `kpis` may still be shutting down, for as long as its reaper allows.
_PATIENCE = GRACE + 5


@contextmanager
def held(data_dir: Path) -> Iterator[int]:
    """Create a data directory, lock it, and yield the descriptor that holds the lock.

    A process that inherits the descriptor keeps the lock until it ends, however it ends.

    Raises:
        ServerFailed: another server has locked it, or it cannot be written.

    """
    descriptor = _opened(data_dir)
    try:
        _lock(descriptor, data_dir)
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except OSError as error:
            raise _not_writable(data_dir, error) from error
        yield descriptor
    finally:
        os.close(descriptor)


def make_folder(data_dir: Path) -> None:
    """Make a data directory.

    Raises:
        ServerFailed: it cannot be made.

    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(data_dir, error) from error


def _opened(data_dir: Path) -> int:
    make_folder(data_dir)
    try:
        return os.open(data_dir / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _not_writable(data_dir, error) from error


def _not_writable(data_dir: Path, error: OSError) -> ServerFailed:
    return ServerFailed(
        f"The data directory {data_dir} cannot be written ({error.strerror}): "
        f"{'free some space, or ' if error.errno == errno.ENOSPC else ''}"
        "choose another with --data-dir or KPIS_DATA_DIR."
    )


def _lock(descriptor: int, data_dir: Path) -> None:
    killed, deadline = False, time.monotonic() + _PATIENCE
    while not _locks(descriptor):
        owner = os.pread(descriptor, 20, 0).decode()
        if _runs(owner):
            raise ServerFailed(
                f"Another `kpis up` (process {owner}) uses the data directory {data_dir}: "
                "stop it, or choose another directory with KPIS_DATA_DIR."
            )
        if time.monotonic() > deadline:
            left = _holders(data_dir / _LOCK)
            if killed or not left:
                pids = " ".join(str(pid) for pid in left)
                raise ServerFailed(
                    f"Servers of a `kpis up` that was killed still run in {data_dir}: end them"
                    f"{f' (kill {pids})' if pids else ''} and start again."
                )
            # Their reapers were killed, too. They have inherited the lock: nobody else's processes have.
            for pid in left:
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            killed, deadline = True, deadline + 5
        time.sleep(0.1)


def owner_of(data_dir: Path) -> int | None:
    """Return the process that has locked a data directory; None where nobody has."""
    try:
        descriptor = os.open(data_dir / _LOCK, os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _locks(descriptor) else int(os.pread(descriptor, 20, 0) or 0)
    finally:
        os.close(descriptor)


def _holders(file: Path) -> list[int]:
    """List the processes that hold a file's lock: on Linux, and only those that we may look into."""
    found = set()
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            about = Path("/proc", descriptor.parts[2], "fdinfo", descriptor.name)
            if descriptor.readlink() == file.resolve() and "FLOCK" in about.read_text("utf-8"):
                found.add(int(descriptor.parts[2]))
    return sorted(found - {os.getpid()})


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True

"""Ports of the loopback interface: which are free, which is taken for good, and who holds one."""

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

from embedded import ServerFailed

LOOPBACK = "127.0.0.1"

# Below what systems give to outgoing connections, which would take a port while its server restarts.
_LASTING = range(15_000, 32_000)
_LISTENING = "0A"


def free_port(preferred: int | None = None) -> int:
    """Return a port that nobody listens on: the preferred one if it is free, else any."""
    if preferred is not None and is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def required_port(server: str, port: int | None) -> int:
    """Return the given port, or any free one if none is given.

    Raises:
        ServerFailed: the given port is in use.

    """
    if port is None or is_free(port):
        return port or free_port()
    raise ServerFailed(
        f"{server} cannot start: port {port} is in use{held_by(port)}; "
        "stop what listens there or choose another port."
    )


def lasting_ports(default: int) -> list[int]:
    """Return ports to keep, the default first, then some that no outgoing connection is given."""
    return [default, *random.sample(_LASTING, 200)]


class Reservation:
    """Ports that this process will use, so that another that starts now takes neither: a lock for each.

    `who` is what others are told of us. Where locks cannot be written, nothing is reserved.
    """

    def __init__(self, who: str) -> None:
        self._who = who
        self._locks: list[int] = []

    def take(self, port: int) -> bool:
        """Reserve a port; return whether nobody else has it."""
        try:
            file = _reservation(port)
            file.parent.mkdir(mode=0o700, exist_ok=True)
            lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return False
        self._locks.append(lock)
        with contextlib.suppress(OSError):
            os.ftruncate(lock, 0)
            os.pwrite(lock, self._who.encode(), 0)
        return True

    def release(self) -> None:
        """Let others have them."""
        for lock in self._locks:
            os.close(lock)
        self._locks.clear()


def held_by(port: int) -> str:
    """Say who holds a port, as far as can be known, as ` by …`; empty where it cannot."""
    with contextlib.suppress(OSError, UnicodeDecodeError), _reservation(port).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return f" by {file.read()}"
    with contextlib.suppress(OSError):
        for pid in _listeners(port):
            name = Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip()
            return f" by process {pid} ({name})"
    return ""


def is_free(port: int) -> bool:
    """Return whether nobody listens on a port."""
    with socket.socket() as client:
        client.settimeout(1)
        # macOS would let us bind although another server listens on all interfaces.
        if client.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        # Without this, connections that ended within the last minute would make the port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _reservation(port: int) -> Path:
    return Path(tempfile.gettempdir()) / f"kpis-ports-{os.getuid()}" / str(port)


def _listeners(port: int) -> Iterator[int]:
    """Find the processes that listen on a port: on Linux, and only those that we may look into."""
    tables = [table for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if table.exists()]
    rows = [line.split() for table in tables for line in table.read_text("utf-8").splitlines()]
    sockets = {
        f"socket:[{row[9]}]"
        for row in rows
        if row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == port
    }
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(descriptor.readlink()) in sockets:
                yield int(descriptor.parts[2])

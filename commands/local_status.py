"""What `kpis up --status` says: the servers of a data directory, as `kpis up` wrote it down, checked live."""

import json
import os
import shutil
import socket
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from embedded.disk import size
from embedded.lock import owner_of
from embedded.supervisor import RUNNING, Supervised

_FILE = "up.json"
# Written over in place: on a full disk nothing new can be written, and that is when it is read.
_BYTES = 16_384


@dataclass(frozen=True)
class ServerState:
    """One server, as it was written down."""

    name: str
    address: str
    state: str
    since: float
    pid: int
    restarts: int
    reason: str
    log: str


def write_state(folder: Path, servers: Sequence[Supervised]) -> None:
    """Write down how the servers are; where the disk does not allow it, what was written before stays."""
    states = [
        ServerState(one.service.name, one.service.address, log=str(one.service.log), **asdict(one.condition))
        for one in servers
    ]
    text = json.dumps({"pid": os.getpid(), "servers": [asdict(state) for state in states]})
    try:
        descriptor = os.open(folder / _FILE, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, text.ljust(_BYTES).encode()[:_BYTES], 0)
        finally:
            os.close(descriptor)
    except OSError:
        return


def read_status(folder: Path) -> dict[str, Any]:
    """Return what runs in a data directory now, for people (`lines`) and programs."""
    owner = owner_of(folder)
    servers = [_checked(state) for state in _read_state(folder)]
    free = shutil.disk_usage(folder).free if folder.exists() else None
    return {
        "running": owner is not None and _runs(owner),
        "pid": owner,
        "data_dir": str(folder),
        "disk_free_bytes": free,
        "servers": [asdict(one) for one in servers],
    }


def lines(status: dict[str, Any]) -> list[str]:
    """Write a status for people."""
    folder, free = status["data_dir"], status["disk_free_bytes"]
    if not status["running"]:
        return [f"No `kpis up` runs in {folder}.", *_last_reasons(status["servers"])]
    said = [f"`kpis up` (process {status['pid']}) runs in {folder}; {size(free)} are free there."]
    for one in status["servers"]:
        where = f" at {one['address']}" if one["address"] else ""
        process = f", process {one['pid']}" if one["pid"] else ""
        said.append(
            f"{one['name']}: {one['state']}{where}{process}, since {_clock(one['since'])}{_past(one)}"
        )
    config = Path(folder) / "kpis.toml"
    tools = Path(folder) / "kafka" / "bin"
    return [*said, f"Other commands find them with: kpis --config {config} …", *_tools(tools)]


def _tools(folder: Path) -> list[str]:
    return [f"Kafka's own tools for it: {folder}/kafka-topics.sh …"] if folder.exists() else []


def _past(one: dict[str, Any]) -> str:
    if not one["restarts"]:
        return ""
    times = {1: "once", 2: "twice"}.get(one["restarts"], f"{one['restarts']} times")
    return f"; started again {times}, last because it {one['reason']} (log: {one['log']})"


def _last_reasons(servers: Sequence[dict[str, Any]]) -> list[str]:
    return [f"{one['name']} ended last because it {one['reason']}." for one in servers if one["reason"]]


def _clock(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))


def _read_state(folder: Path) -> list[ServerState]:
    for _ in range(3):
        try:
            found = json.loads((folder / _FILE).read_text("utf-8"))
            return [ServerState(**one) for one in found["servers"]]
        except ValueError:
            time.sleep(0.05)  # it is being written
        except (OSError, KeyError, TypeError):
            break
    return []


def _checked(state: ServerState) -> ServerState:
    """Look whether what was written down is still so."""
    if state.state != RUNNING or (_runs(state.pid) and _listens(state.address)):
        return state
    return ServerState(**{**asdict(state), "state": "does not answer"})


def _listens(address: str) -> bool:
    if not address:
        return True
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""Processes of the product, started as a user does and stopped by process id."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.interrupts import interruptible


def kpis() -> str:
    """Find the command beside this interpreter, or that of TESTED_KPIS: another release, to compare with."""
    command = Path(os.environ.get("TESTED_KPIS") or Path(sys.executable).parent / "kpis")
    assert command.exists(), f"There is no command {command}: run `pip install -e '.[embedded]'` first."
    return str(command)


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def lasting_port() -> int:
    """Find a free port that no outgoing connection is given, so that a server can come back to it."""
    for port in random.sample(range(15_000, 32_000), 100):
        if not listening(f"127.0.0.1:{port}"):
            return port
    raise AssertionError("no port between 15000 and 32000 is free")


_SIZE = ("COLUMNS", "LINES")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's environment with these settings and no others of ours.

    Nor with the size of a terminal, which Python's readline writes there for pytest-xdist's processes: `kpis
    show` believed it, and took no notice of another.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KPIS_", *_SIZE))}
    return {**inherited, **settings}


def until(holds: Callable[[], bool], seconds: float, what: str, every: float = 0.1) -> None:
    """Wait for something to hold, and fail saying what did not."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(every)


class Process:
    """A long-running command of ours, its output kept in files."""

    def __init__(self, arguments: list[str], settings: Mapping[str, str], directory: Path, name: str) -> None:
        self.output, self.errors = directory / f"{name}.out", directory / f"{name}.err"
        with self.output.open("wb") as out, self.errors.open("wb") as err, interruptible():
            self._process = subprocess.Popen(
                [kpis(), *arguments], env=environment(settings), cwd=directory, stdout=out, stderr=err
            )
        self.pid = self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self._process.poll()

    def said(self) -> str:
        """Return the end of what it wrote, for a message."""
        return f"{self.output.read_text()[-2000:]}\n{self.errors.read_text()[-4000:]}"

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 40) -> int:
        """Signal it and wait for its end; what does not end is killed, and that is a failure."""
        if self.exit_code is None:
            self._process.send_signal(how)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {seconds:.0f} s after {how.name}:\n{self.said()}") from None

    def freeze(self) -> None:
        """Halt it where it stands, as a machine that swaps or a paused container does."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it run on."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()
        self._process.wait()


def family(pid: int) -> dict[int, str]:
    """Return a process and all its descendants, with the moment each began: an id alone may be used again."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,lstart="], capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    found = {pid}
    while more := {int(child) for child, parent, _ in rows if int(parent) in found} - found:
        found |= more
    return {int(member): began for member, _, began in rows if int(member) in found}


def alive(members: Mapping[int, str]) -> dict[int, str]:
    """Return those of some processes that are still there, with what each runs."""
    listing = subprocess.run(
        ["ps", "-eo", "pid=,stat=,lstart=,args="], capture_output=True, text=True, check=True
    )
    found = {}
    for line in listing.stdout.splitlines():
        pid, state, *rest = line.split(maxsplit=7)
        began, command = " ".join(rest[:5]), rest[5] if len(rest) > 5 else ""
        if " ".join(members.get(int(pid), "").split()) == began and not state.startswith("Z"):
            found[int(pid)] = command
    return found


def listening(address: str) -> bool:
    """Return whether somebody accepts connections at an address."""
    host, port = address.rsplit(":", 1)
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex((host, int(port))) == 0

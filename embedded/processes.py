"""Child processes that end when this process ends, however it ends."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from embedded import ServerFailed, reaper

_TAIL_BYTES = 16_000


class Child:
    """A server, and the reaper that ends it when this process ends; made by start_child.

    Attributes:
        pid: of the server itself.
        reaper_pid: of its reaper, which leads the session and the process group of both.
        log: the file that all its output goes to.

    """

    def __init__(self, reaper: subprocess.Popen[bytes], pid: int, log: Path) -> None:
        self._reaper = reaper
        self.pid = pid
        self.reaper_pid = reaper.pid
        self.log = log

    def poll(self) -> int | None:
        """Return the server's exit code, or 128 + the signal that ended it; None while it runs."""
        code = self._reaper.poll()
        return None if code is None else self._ended(code)

    def stop(self, grace: float = reaper.GRACE) -> int:
        """Terminate the server, kill it if it still runs after the grace, and return its exit code."""
        _let_go(self._reaper, grace)
        try:
            return self._ended(self._reaper.wait(grace + 5))
        except subprocess.TimeoutExpired:
            # It was not waited for yet, so its id and its group's cannot belong to others.
            os.killpg(self.reaper_pid, signal.SIGKILL)
            return self._ended(self._reaper.wait())

    def kill(self) -> None:
        """Kill the server, as a power cut would, and wait until it has ended."""
        self.stop(grace=0)

    def last_lines(self, count: int = 12) -> str:
        """Return the last lines of the server's output since it was started."""
        # Its log may have been begun anew a moment ago.
        text = _tail(self.log)
        if reaper.MARK not in text and len(text) < _TAIL_BYTES:
            text = _tail(self.log.with_name(f"{self.log.name}.1")) + text
        _, _, own = text.rpartition(reaper.MARK)
        lines = own.splitlines()[1 if reaper.MARK in text else 0 :]
        return "\n".join(lines[-count:])

    def _ended(self, code: int) -> int:
        if self._reaper.stdin and not self._reaper.stdin.closed:
            self._reaper.stdin.close()
        if code >= 0:
            return code
        # A reaper that was killed has not ended the server.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.reaper_pid, signal.SIGKILL)
        return reaper.SIGNALLED - code


def start_child(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    inherit: Sequence[int] = (),
    variables: Mapping[str, str] | None = None,
) -> Child:
    """Start a command under a reaper, in its own session, with its output at the end of a log.

    `variables` are added to our environment.

    The log is kept by size: what does not fit any more goes to files of the same name and `.1`, `.2` ….

    Raises:
        ServerFailed: the command cannot be run.

    """
    process = subprocess.Popen(
        # By its path and without site-packages: found, and quick, in any directory and environment.
        [sys.executable, "-I", "-S", reaper.__file__, str(log.absolute()), *command],
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=cwd,
        start_new_session=True,
        pass_fds=inherit,
        env={**os.environ, **(variables or {})},
    )
    pid = _reported_pid(process)
    child = Child(process, pid, log)
    if not pid:
        child.stop()
        raise ServerFailed(f"{command[0]} does not start: {child.last_lines()}.")
    return child


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _reported_pid(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout
    try:
        with process.stdout as reported:
            return int(reported.readline() or 0)
    except BaseException:
        _let_go(process, 0)
        process.wait()
        raise


def _let_go(process: subprocess.Popen[bytes], grace: float) -> None:
    if process.stdin and not process.stdin.closed:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(str(grace).encode())

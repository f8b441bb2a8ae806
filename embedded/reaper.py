"""Run one command, keep its log, and end it when whoever started us ends: `python reaper.py LOG COMMAND...`.

When standard input ends, the command is told to terminate, and is killed if it still runs after the number of
seconds that was written to standard input before (GRACE if nothing was). The command's process id goes to
standard output, all its output to the log, which is kept by size. We exit with the command's exit code.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE = 10.0
CANNOT_RUN = 127
SIGNALLED = 128
MARK = "=== started"

# Two days of a worker that complains every second; four files of a server that complains without end.
_LOG_BYTES = 4_000_000
_LOG_FILES = 4
# Whoever inherited the output of a command that ended is not waited for longer.
_LAST_WORDS = 2.0


class Log:
    """A log that grows to a size, is then kept as `LOG.1`, and begins anew; the oldest of some goes.

    Where the disk is full it writes what fits, and says afterwards how much is missing.
    """

    def __init__(self, path: str, most_bytes: int = _LOG_BYTES, files: int = _LOG_FILES) -> None:
        self._path = path
        self._most = most_bytes
        self._files = files
        self._descriptor = -1
        self._lost = 0

    def write(self, text: bytes) -> None:
        """Append some output; never raises."""
        try:
            self._make_room(len(text))
            if self._lost:
                missing = f"\n… {self._lost} bytes are missing here: they could not be written.\n"
                self._append(missing.encode())
                self._lost = 0
            self._append(text)
        except OSError:
            self._lost += len(text)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = -1

    def _append(self, text: bytes) -> None:
        while text:
            text = text[os.write(self._descriptor, text) :]

    def _make_room(self, more: int) -> None:
        if self._descriptor >= 0 and os.fstat(self._descriptor).st_size + more > self._most:
            self.close()
            for number in range(self._files - 1, 0, -1):
                older = Path(self._path if number == 1 else f"{self._path}.{number - 1}")
                with contextlib.suppress(FileNotFoundError):
                    older.replace(f"{self._path}.{number}")
        if self._descriptor < 0:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


class _Reaper:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._child: subprocess.Popen[bytes] | None = None
        self._grace: float | None = None

    def run(self, command: list[str]) -> int:
        signal.signal(signal.SIGTERM, lambda *_: self._end(GRACE))
        self._log.write(f"{MARK} {time.strftime('%Y-%m-%d %H:%M:%S')} ===\n".encode())
        # The command inherits the descriptors that we have inherited, such as a lock.
        self._child = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            close_fds=False,
        )
        output = threading.Thread(target=self._keep_log, daemon=True)
        output.start()
        if self._grace is not None:
            self._end(self._grace)
        self._report(self._child.pid)
        threading.Thread(target=self._follow, daemon=True).start()
        code = self._child.wait()
        output.join(_LAST_WORDS)
        return code if code >= 0 else SIGNALLED - code

    def _keep_log(self) -> None:
        assert self._child
        assert self._child.stdout
        while said := os.read(self._child.stdout.fileno(), 65536):
            self._log.write(said)

    def _report(self, pid: int) -> None:
        # Whoever started us may be gone: _follow finds that out.
        with contextlib.suppress(OSError):
            os.write(1, f"{pid}\n".encode())
        os.close(1)

    def _follow(self) -> None:
        said = b""
        while read := os.read(0, 64):
            said += read
        self._end(float(said or GRACE))

    def _end(self, grace: float) -> None:
        self._grace = grace
        if self._child is None:
            return
        if grace <= 0:
            self._child.kill()
            return
        self._child.terminate()
        timer = threading.Timer(grace, self._child.kill)
        timer.daemon = True
        timer.start()


def main(log: str, command: list[str]) -> int:
    """Run the command and return its exit code, or 128 + the signal that ended it."""
    file = Log(log)
    try:
        return _Reaper(file).run(command)
    except OSError as error:
        file.write(f"cannot run {command[0]}: {error.strerror}\n".encode())
        return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

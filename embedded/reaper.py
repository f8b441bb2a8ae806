"""Run one command, and end it when whoever started us ends: `python reaper.py COMMAND...`.

When standard input ends, the command is told to terminate, and is killed if it still runs after the number of
seconds that was written to standard input before (GRACE if nothing was). The command's process id goes to
standard output, its output to standard error. We exit with the command's exit code.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

GRACE = 10.0
CANNOT_RUN = 127
SIGNALLED = 128


class _Reaper:
    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._grace: float | None = None

    def run(self, command: list[str]) -> int:
        signal.signal(signal.SIGTERM, lambda *_: self._end(GRACE))
        # The command inherits the descriptors that we have inherited, such as a lock.
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, close_fds=False)
        if self._grace is not None:
            self._end(self._grace)
        self._report(self._child.pid)
        threading.Thread(target=self._follow, daemon=True).start()
        code = self._child.wait()
        return code if code >= 0 else SIGNALLED - code

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


def main(command: list[str]) -> int:
    """Run the command and return its exit code, or 128 + the signal that ended it."""
    try:
        return _Reaper().run(command)
    except OSError as error:
        os.write(2, f"cannot run {command[0]}: {error.strerror}\n".encode())
        return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

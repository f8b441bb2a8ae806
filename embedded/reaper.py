"""Run one command, and end it when whoever started us ends: `python reaper.py COMMAND...`.

Standard input is the thread that we hang on: at its end the command is told to terminate, and killed when it
is still there after the seconds that were written there before (GRACE where nothing was). Standard output
gets the command's process id; standard error is the command's output. Our exit code is the command's.
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
        # Descriptors that we were made to inherit, such as a lock, are the command's too.
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, close_fds=False)
        if self._grace is not None:
            self._end(self._grace)
        self._report(self._child.pid)
        threading.Thread(target=self._follow, daemon=True).start()
        code = self._child.wait()
        return code if code >= 0 else SIGNALLED - code

    def _report(self, pid: int) -> None:
        # Whoever started us may be gone: that is for _follow to see.
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
    """Run the command to its end and give its exit code, 128 + the signal where one ended it."""
    try:
        return _Reaper().run(command)
    except OSError as error:
        os.write(2, f"cannot run {command[0]}: {error.strerror}\n".encode())
        return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A command of ours at a terminal: what it shows, keys pressed, and how it leaves the terminal."""

import codecs
import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.interrupts import interruptible
from tests.system.support.processes import environment, kpis

_SEQUENCE = re.compile(
    r"\x1b\[(?P<numbers>[0-9;<>?=]*)(?P<what>[@-~])|\x1b[\]PX^_].*?(?:\x07|\x1b\\)|\x1b.|.", re.DOTALL
)
_COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
_OTHER_SCREEN, _USUAL_SCREEN = "\x1b[?1049h", "\x1b[?1049l"
_CURSOR_HIDDEN, _CURSOR_SHOWN = "\x1b[?25l", "\x1b[?25h"


def drawn(sent: str) -> str:
    """Return what a terminal shows after this: texts, line ends, and the cursor's moves to a place."""
    lines: defaultdict[int, dict[int, str]] = defaultdict(dict)
    row = column = 0
    for found in _SEQUENCE.finditer(sent):
        sign = found[0]
        if found["what"] == "H":
            row, column = (int(one or 1) - 1 for one in (found["numbers"] or "1;1").split(";"))
        elif found["what"] == "J":
            lines.clear()
        elif sign == "\n":
            row += 1
        elif sign == "\r":
            column = 0
        elif sign >= " " and found["what"] is None:
            lines[row][column] = sign
            column += 1
    return "\n".join(
        "".join(line.get(at, " ") for at in range(max(line, default=-1) + 1))
        for _, line in sorted(lines.items())
    )


class Terminal:
    """A pseudo-terminal with a command in it."""

    def __init__(self, arguments: list[str], settings: Mapping[str, str], directory: Path) -> None:
        self._ours, self._its = os.openpty()
        self._set_size(80, 24)
        self._before = self._settings()
        with interruptible():
            self._process = subprocess.Popen(
                [kpis(), *arguments], env=environment({**settings, "TERM": "xterm-256color"}), cwd=directory,
                stdin=self._its, stdout=self._its, stderr=self._its, start_new_session=True,
            )  # fmt: skip
        self._sent = ""
        # A sign of several bytes may come in two pieces.
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, and tell the command, of which it is not the controlling one."""
        self._set_size(width, height)
        self._process.send_signal(signal.SIGWINCH)

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def wait_for(self, *words: str, seconds: float = 30) -> str:
        """Wait until the picture has all these words, and give it."""
        deadline = time.monotonic() + seconds
        while not all(word in self._picture() for word in words):
            assert self._process.poll() is None, f"it ended with {self._process.poll()}: {self._sent[-2000:]}"
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {words}\n{self._picture()}"
            self._read(0.2)
        return self._picture()

    def wait_without(self, word: str, seconds: float = 30) -> None:
        """Wait until the picture has no such word any more."""
        deadline = time.monotonic() + seconds
        while word in self._picture():
            assert time.monotonic() < deadline, (
                f"still there after {seconds:.0f} s: {word}\n{self._picture()}"
            )
            self._read(0.2)

    def wait_end(self, seconds: float = 10) -> int:
        """Wait for the command's end, check that the terminal is as it was, and give the exit code."""
        deadline = time.monotonic() + seconds
        while self._process.poll() is None:
            assert time.monotonic() < deadline, f"still there after {seconds:.0f} s\n{self._picture()}"
            self._read(0.1)
        self._read(0.1)
        assert self._settings() == self._before
        assert self._sent.rfind(_USUAL_SCREEN) >= self._sent.rfind(_OTHER_SCREEN)
        assert self._sent.rfind(_CURSOR_SHOWN) >= self._sent.rfind(_CURSOR_HIDDEN)
        assert "Traceback" not in self._sent
        return self._process.returncode

    def had_a_screen_of_its_own(self) -> bool:
        """Return whether the command drew over the whole terminal, and not below what stood there."""
        return _OTHER_SCREEN in self._sent

    def said(self) -> str:
        """Return the texts that it printed so far, without what steers the terminal."""
        texts = (found[0] for found in _SEQUENCE.finditer(self._sent) if not found[0].startswith("\x1b"))
        return "".join(texts).replace("\r", "")

    def has_colours(self) -> bool:
        """Return whether anything was drawn in a colour, or in a shade."""
        return _COLOUR.search(self._sent) is not None

    def signal(self, number: signal.Signals) -> None:
        """Send the command a signal."""
        self._process.send_signal(number)

    def close(self) -> None:
        """End what is left, and the terminal."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)
        os.close(self._its)

    def _settings(self) -> list[Any]:
        return termios.tcgetattr(self._its)

    def _read(self, seconds: float) -> None:
        while select.select([self._ours], [], [], seconds)[0]:
            self._sent += self._decoder.decode(os.read(self._ours, 65_536))
            seconds = 0

    def _picture(self) -> str:
        """Return what stands on the screen, without its colours."""
        return drawn(self._sent[self._sent.rfind(_OTHER_SCREEN) + 1 :])


@contextlib.contextmanager
def terminal(arguments: list[str], settings: Mapping[str, str], directory: Path) -> Iterator[Terminal]:
    """Run a command at a terminal."""
    opened = Terminal(arguments, settings, directory)
    try:
        yield opened
    finally:
        opened.close()

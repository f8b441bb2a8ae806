"""Read single keys from a terminal, and leave it as it was (Linux and macOS)."""

import os
import re
import select
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = {
    "\x1b[A": "up", "\x1bOA": "up", "\x1b[B": "down", "\x1bOB": "down",
    "\x1b[C": "right", "\x1bOC": "right", "\x1b[D": "left", "\x1bOD": "left",
    "\x1b[5~": "pageup", "\x1b[6~": "pagedown",
    "\x1b[H": "home", "\x1bOH": "home", "\x1b[1~": "home", "\x1b[F": "end", "\x1bOF": "end", "\x1b[4~": "end",
    "\x1b[Z": "backtab", "\t": "tab", "\r": "enter", "\n": "enter",
    "\x7f": "backspace", "\x08": "backspace", "\x1b": "esc",
}  # fmt: skip
_KEY = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b|.", re.DOTALL)
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?\Z")
_REST_SECONDS = 0.05


def decode(text: str) -> list[str]:
    """Name the keys in what a terminal sent; ignore sequences that are none of our keys."""
    found = (_NAMES.get(match, match) for match in _KEY.findall(text))
    return [key for key in found if key.isprintable()]


class Keyboard:
    """A terminal that sends single keys; what follows an Esc within `rest` seconds belongs to it."""

    def __init__(self, terminal: int, rest: float) -> None:
        self._terminal, self._rest = terminal, rest

    def keys(self, seconds: float) -> list[str]:
        """Wait for keys, at most this long; "q" if the terminal is gone."""
        sent = self._sent(seconds)
        # A sequence may come in two pieces; nothing follows a lone Esc.
        while sent and _BEGUN.search(sent) and (rest := self._sent(self._rest)):
            sent += rest
        return decode(sent)

    def _sent(self, seconds: float) -> str:
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return ""
        try:
            sent = os.read(self._terminal, 1024)
        except OSError:
            sent = b""
        return sent.decode("utf-8", "ignore") if sent else "q"


@contextmanager
def keyboard(terminal: int, rest: float = _REST_SECONDS) -> Iterator[Keyboard]:
    """Make a terminal pass keys on at once without echo, and restore it at the end."""
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        _without_suspension(terminal)
        yield Keyboard(terminal, rest)
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def _without_suspension(terminal: int) -> None:
    """Disable Ctrl-Z: it would leave the shell on our screen."""
    settings = termios.tcgetattr(terminal)
    settings[6][termios.VSUSP] = os.fpathconf(terminal, "PC_VDISABLE").to_bytes(1, "big")
    termios.tcsetattr(terminal, termios.TCSANOW, settings)

"""The standard streams: no locale, closed stream or full disk behind one ends in a trace.

Python decides what they are before our code runs: closed ones are None, and what their encoding cannot say
raises. Here they are made anew over the same descriptors.
"""

import codecs
import errno
import io
import os
import sys
from typing import Any

_OUTPUT, _ERRORS = 1, 2
# What is read from where nothing may be read fails, as it does on a closed descriptor, and so does writing.
_INSTEAD_OF_CLOSED = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
_SPELT = "kpis-spelt"
_SIGNS = {"✓": "OK", "✗": "X", "–": "-", "—": "-", "…": "...", "×": "x", "→": "->", "≤": "<=", "≥": ">=",
          "±": "+-", "∞": "inf", "’": "'"}  # fmt: skip


class _Output(io.FileIO):
    """Standard output, whose errors name it."""

    def write(self, data: Any) -> int:
        """Write, or raise what names the stream."""
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, "standard output") from None


class _Errors(io.FileIO):
    """Standard error. What cannot be written there is dropped: it could be told nowhere."""

    def write(self, data: Any) -> int:
        """Write what can be written."""
        try:
            return super().write(data)
        except OSError:
            return len(data)


def prepare() -> None:
    """Make the standard streams anew, for the rest of the process."""
    codecs.register_error(_SPELT, _spell)
    for number, mode in enumerate(_INSTEAD_OF_CLOSED):
        if not _is_open(number):
            # The lowest number that is free, which is this: else a socket of ours would get it.
            os.set_inheritable(os.open(os.devnull, mode), True)
    sys.stdin = sys.stdin or io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8")
    sys.stdout = _text(_Output(_OUTPUT, "wb", closefd=False), sys.stdout)
    sys.stderr = _text(_Errors(_ERRORS, "wb", closefd=False), sys.stderr)


def drop_output() -> None:
    """Forget what could not be written: at its end Python would try again, and trace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), _OUTPUT)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
        return True
    except OSError as error:
        return error.errno != errno.EBADF


def _text(raw: io.FileIO, before: Any) -> io.TextIOWrapper:
    encoding = before.encoding if before else "utf-8"
    # Standard error is not held back: who ends at once flushes nothing.
    prompt = raw.isatty() or raw.fileno() == _ERRORS
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, _SPELT, line_buffering=prompt)


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Spell what an encoding lacks: our own signs in ASCII, and all else with backslashes."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    spelt = (_SIGNS.get(one) or one.encode("ascii", "backslashreplace").decode() for one in lacking)
    return "".join(spelt), error.end

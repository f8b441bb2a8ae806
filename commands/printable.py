"""Text from elsewhere on a terminal: names, files, brokers and events may hold what a terminal obeys.

What steers a terminal, breaks a line or turns the direction of writing is spelt with backslashes, as Python
and JSON spell it. Accents, emoji and their joiners stay as they are.
"""

import json
import logging
import re
import sys
from typing import Any

import click

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_LINE_ENDS = r"\u2028\u2029"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_HALVES = r"\ud800-\udfff"
_UNPRINTABLE = re.compile(f"[{_CONTROL}{_LINE_ENDS}{_DIRECTIONS}{_HALVES}]")


def printable(text: str, keep: str = "") -> str:
    """Spell out the characters of a text that are not to reach a terminal, but for those to keep."""
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] in keep else _spelt(found[0]), text)


def _spelt(character: str) -> str:
    return character.encode("unicode_escape").decode()


def printable_json(value: Any, indent: int | None = 2) -> str:
    """Write JSON that is safe on a terminal, means the same, and that standard output can say.

    Without an indent it is one line.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    if not sayable(text):
        text = json.dumps(value, indent=indent)
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", text)


def sayable(text: str) -> bool:
    """Return whether the encoding of standard output can say a text as it is."""
    try:
        text.encode(sys.stdout.encoding or "utf-8", "surrogatepass")
        return True
    except UnicodeEncodeError:
        return False


def say(line: str, *, err: bool = False) -> None:
    """Print one line, whatever it holds."""
    click.echo(printable(line), err=err)


class LogFormatter(logging.Formatter):
    """Log records as printable text: each message on one line, and what was raised below it."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Write the line of a record."""
        return printable(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        """Write what was raised, over several lines."""
        return printable(super().formatException(ei), keep="\n\t")

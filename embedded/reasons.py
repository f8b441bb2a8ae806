"""Why a server ended, in a sentence: from its exit code and the end of its log."""

import re
import signal

from embedded.reaper import SIGNALLED

_LONGEST = 300
# What a worker that stopped itself asks for is what is done.
_REMEDY = "Stopping; start it again."

# What says most, first: our own errors, want of memory, a trace's cause, then what is logged as an error.
_OURS = re.compile(r"^Error: (?P<why>.+)", re.MULTILINE | re.DOTALL)
_TELLING = (
    re.compile(r"^.*(?P<why>OutOfMemoryError.*|insufficient memory for the Java.*)$", re.MULTILINE),
    re.compile(r"^Caused by: (?P<why>.+)$", re.MULTILINE),
    re.compile(r"^(?:[\w.]+\.)?(?P<why>\w+(?:Exception|Error): .+)$", re.MULTILINE),
    # slf4j: 2026-11-27 16:20:03,123 [main] ERROR kafka.Kafka - why
    re.compile(r"^.*\b(?:ERROR|FATAL)\b (?:[\w.$]+ - )?(?P<why>.+)$", re.MULTILINE),
    # Prometheus: ts=… level=error … err="why"
    re.compile(r'^.*level=error.*err="?(?P<why>.+?)"?$', re.MULTILINE),
    # Redis: 1234:M 27 Nov 2026 16:20:03.123 # why
    re.compile(
        r"^\d+:\w .{15,30} # (?P<why>(?!WARNING|Server init|oO0|Redis version|Configuration).+)$",
        re.MULTILINE,
    ),
)


def why_ended(code: int, last_lines: str) -> str:
    """Say how a server ended and, where its log tells, why; without a full stop at the end."""
    how, why = _how(code), last_error(last_lines)
    return f"{how}: {why}" if why else how


def last_error(last_lines: str) -> str:
    """Return the last error in the end of a log, on one line; empty without one."""
    if ours := _last(_OURS, last_lines):
        return ours
    found = (_last(pattern, last_lines) for pattern in _TELLING)
    return next((why for why in found if why), "")


def _last(pattern: re.Pattern[str], text: str) -> str:
    why = ""
    for match in pattern.finditer(text):
        why = match["why"]
    why = " ".join(why.split()).removesuffix(_REMEDY).strip().removesuffix(".")
    return why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…"


def _how(code: int) -> str:
    if code == SIGNALLED + signal.SIGKILL:
        return "was killed (SIGKILL, by somebody, or by the system where memory ran out)"
    if code > SIGNALLED:
        try:
            return f"was ended by {signal.Signals(code - SIGNALLED).name}"
        except ValueError:
            return f"was ended by signal {code - SIGNALLED}"
    return f"ended with exit code {code}"

"""Waits that must end, watched by a thread of its own: what blocks the event loop cannot hold that up.

Faust and aiokafka wait for ever for what never comes, and swallow cancellations: `asyncio.timeout` around
them has not held. A worker whose wait is over its limit stops itself, so that its supervisor starts another.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

TICK_SECONDS = 0.5
_TOLD_AFTER = 0.5
"""The share of a limit after which a wait is told of."""


@dataclass(slots=True)
class _Wait:
    limit: float
    spent: float = 0.0
    told: bool = False


class Deadlines:
    """The waits under way, by what the worker is doing. Any thread may begin and end them.

    `fail_stop` ends the process, and is called in the watching thread.
    """

    def __init__(self, fail_stop: Callable[[str], Any]) -> None:
        self._fail_stop = fail_stop
        self._waits: dict[str, _Wait] = {}

    def begin(self, what: str, limit: float) -> None:
        """Begin a wait that may take so many seconds; one that is under way goes on as it is."""
        self._waits.setdefault(what, _Wait(limit))

    def renew(self, what: str) -> None:
        """Give a wait its whole time again: it has come further."""
        if wait := self._waits.get(what):
            wait.spent, wait.told = 0.0, False

    def end(self, what: str) -> None:
        """End a wait."""
        self._waits.pop(what, None)

    @contextmanager
    def within(self, what: str, limit: float) -> Iterator[None]:
        """Wait for the block to end."""
        self.begin(what, limit)
        try:
            yield
        finally:
            self.end(what)

    @property
    def late(self) -> str:
        """What takes long, and when it will be cut short; empty for nothing."""
        late = ((what, wait) for what, wait in list(self._waits.items()) if wait.told)
        return "; ".join(_sentence(what, wait) for what, wait in late)

    def look(self, seconds: float) -> None:
        """Look at all waits after so many seconds more; stop the worker if one is over its limit."""
        for what, wait in list(self._waits.items()):
            wait.spent += seconds
            if wait.spent >= wait.limit:
                self._fail_stop(f"{what[:1].upper()}{what[1:]} took more than {wait.limit:.0f} s.")
            elif not wait.told and wait.spent >= wait.limit * _TOLD_AFTER:
                wait.told = True
                # Whoever is stuck may hold the lock of the log.
                _in_background(log.warning, "%s", _sentence(what, wait))

    def watch(self) -> None:
        """Begin to look twice a second for as long as the process lives.

        A process that was halted (a paused container, a sleeping machine) spent nothing meanwhile.
        """
        _in_background(self._look_for_ever)

    def _look_for_ever(self) -> None:
        before = time.monotonic()
        while True:
            time.sleep(TICK_SECONDS)
            now = time.monotonic()
            self.look(min(now - before, 2 * TICK_SECONDS))
            before = now


def _sentence(what: str, wait: _Wait) -> str:
    return f"{what} has taken {wait.spent:.0f} s; after {wait.limit:.0f} s the worker stops itself"


def _in_background(target: Callable[..., object], *arguments: object) -> None:
    threading.Thread(target=target, args=arguments, daemon=True, name="deadlines").start()

"""Ask the workers again and again, each in its own thread: one that hangs holds up no other."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence

from commands.live.memory import Answer
from commands.printable import printable
from commands.worker_http import NoWorker
from commands.worker_views import NotShown, Query, View, read_view

_PATIENCE = 5.0
_RETRY_SECONDS = 2.0
_REST = 4
"""A worker is asked the same again after this many times what the answer took, to leave it time to work."""

Read = Callable[[str, Query, float], View]
Wishes = Mapping[Query, float]
"""What is to be asked, and after how many seconds again."""


def ask(address: str, query: Query, read: Read = read_view) -> Answer:
    """Ask a worker once."""
    try:
        view = read(address, query, _PATIENCE)
    except NoWorker as error:
        return Answer(address, time.time(), query, problem=printable(error.brief))
    except NotShown:
        return Answer(address, time.time(), query)
    return Answer(address, time.time(), query, view)


def waits(
    wishes: Wishes, asked: Mapping[Query, tuple[float, float]], now: float
) -> list[tuple[float, Query]]:
    """List how long each query has to wait (below 0: due), the most urgent first.

    `asked` tells when a query was last asked, and how long the answer took.
    """
    found = []
    for query, every in wishes.items():
        at, took = asked.get(query, (None, 0.0))
        found.append((-every if at is None else at + max(every, _REST * took) - now, query))
    return sorted(found, key=lambda one: one[0])


class Polling:
    """The threads that ask the workers, and pass each answer on."""

    def __init__(self, addresses: Sequence[str], deliver: Callable[[Answer], object], read: Read = read_view):
        self._deliver = deliver
        self._read = read
        self._wishes: Wishes = {}
        self._hurry = {address: threading.Event() for address in addresses}

    def start(self) -> None:
        """Start the threads; they end with the process."""
        for address in self._hurry:
            threading.Thread(target=self._repeat, args=(address,), daemon=True).start()

    def wish(self, wishes: Wishes) -> None:
        """Ask this from now on; what is new, at once."""
        if wishes == self._wishes:
            return
        self._wishes = wishes
        for event in self._hurry.values():
            event.set()

    def _repeat(self, address: str) -> None:
        asked: dict[Query, tuple[float, float]] = {}
        while True:
            self._hurry[address].clear()
            began = time.monotonic()
            wait, query = next(iter(waits(self._wishes, asked, began)), (None, Query()))
            if wait is None or wait > 0:
                self._hurry[address].wait(wait)
                continue
            answer = ask(address, query, self._read)
            asked[query] = (began, time.monotonic() - began)
            self._deliver(answer)
            if answer.problem is not None:
                self._hurry[address].wait(_RETRY_SECONDS)

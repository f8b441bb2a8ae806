"""Patience: for how long lots have been waiting for Kafka, and when the disk is asked."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from producers.collector.lots import Lot

PATIENCE_SECONDS = 0.250
"""How long Kafka has to acknowledge before the disk is asked."""


class Patience:
    """Holds the lots that are not settled, in their order.

    `overdue` is told of those that are not on disk, all of them and in their order, as soon as the oldest has
    waited too long, or `give_up` was called.
    """

    def __init__(self, overdue: Callable[[Sequence[Lot]], None]) -> None:
        self._overdue = overdue
        self._loop = asyncio.get_running_loop()
        self._lots: deque[Lot] = deque()
        self._unsure: deque[Lot] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def age(self) -> float:
        """Return for how many seconds the oldest lot has been waiting; 0 if there is none."""
        return self._loop.time() - self._lots[0].at if self._lots else 0.0

    def add(self, lot: Lot) -> None:
        """Begin to wait for a lot."""
        self._lots.append(lot)
        if lot.segment is None:
            self._unsure.append(lot)
            self._watch()

    def settled(self) -> None:
        """Stop waiting for lots that are settled."""
        while self._lots and not self._lots[0].left:
            self._lots.popleft()

    def unsettled(self) -> list[Lot]:
        """Return the lots that are waited for."""
        return [lot for lot in self._lots if lot.left]

    def give_up(self) -> None:
        """Wait no longer for what is not on disk."""
        lots = [lot for lot in self._unsure if lot.left]
        self._unsure.clear()
        if lots:
            self._overdue(lots)

    def close(self) -> None:
        """Tell of nothing any more."""
        if self._timer:
            self._timer.cancel()

    def _watch(self) -> None:
        if not self._timer:
            self._timer = self._loop.call_at(self._unsure[0].at + PATIENCE_SECONDS, self._look)

    def _look(self) -> None:
        self._timer = None
        while self._unsure and not self._unsure[0].left:
            self._unsure.popleft()
        if not self._unsure:
            return
        if self._loop.time() - self._unsure[0].at >= PATIENCE_SECONDS:
            self.give_up()
        else:
            self._watch()

"""Patience: for how long lots have been waiting for Kafka, and when the disk is asked."""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence

from producers.collector.lots import Lot

PATIENCE_SECONDS = 0.250
"""How long Kafka has to acknowledge before the disk is asked."""
_TURNS = 6
"""What Kafka has answered while the event loop was busy is heard within so many of its turns."""


class Patience:
    """Holds the lots that are not settled, in their order.

    `overdue` is told of those that are not on disk, all of them and in their order, as soon as the oldest has
    waited too long, or `give_up` was called. Where it is we who were busy, and not Kafka that is slow, its
    answers are heard first: hundreds of pixels at one moment would else go to disk before a healthy Kafka.
    """

    def __init__(self, overdue: Callable[[Sequence[Lot]], None], loop: asyncio.AbstractEventLoop) -> None:
        self._overdue = overdue
        self._loop = loop
        self._lots: deque[Lot] = deque()
        self._unjudged: deque[Lot] = deque()
        self._unsure: deque[Lot] = deque()
        self._over_at = -math.inf
        self._timer: asyncio.Handle | None = None

    @property
    def age(self) -> float:
        """Return for how many seconds the oldest lot has been waiting; 0 if there is none."""
        return self._loop.time() - self._lots[0].at if self._lots else 0.0

    @property
    def is_over(self) -> bool:
        """Return whether the oldest lot has waited too long, what Kafka answered meanwhile being heard."""
        return bool(self._lots) and self._lots[0].at <= self._over_at

    def add(self, lot: Lot) -> None:
        """Begin to wait for a lot."""
        self._lots.append(lot)
        self._unjudged.append(lot)
        if lot.segment is None:
            self._unsure.append(lot)
        self._watch()

    def settled(self) -> None:
        """Stop waiting for lots that are settled."""
        for lots in (self._lots, self._unjudged, self._unsure):
            while lots and not lots[0].left:
                lots.popleft()

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
        if self._unjudged and not self._timer:
            self._timer = self._loop.call_at(self._unjudged[0].at + PATIENCE_SECONDS, self._look)

    def _look(self, turns: int = _TURNS) -> None:
        self._timer = None
        if turns and self._is_due():
            self._timer = self._loop.call_soon(self._look, turns - 1)
            return
        while self._is_due():
            self._over_at = self._unjudged.popleft().at
        if self.is_over:
            self.give_up()
        self._watch()

    def _is_due(self) -> bool:
        return bool(self._unjudged) and self._loop.time() - self._unjudged[0].at >= PATIENCE_SECONDS

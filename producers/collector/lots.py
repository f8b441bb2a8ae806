"""Lots: records that were taken on together, and are answered together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from producers.collector.records import Numbered

if TYPE_CHECKING:
    from producers.collector.spool_segments import Segment


@dataclass(slots=True, eq=False)
class Lot:
    """Records that were handed to the sender together, at a time (seconds of the event loop).

    `kept` is set once all are acknowledged or on disk. `spooling` says that they are on their way to disk,
    `segment` where they are there. `refused` has what Kafka will never take, by its place in the lot.
    """

    records: Sequence[Numbered]
    at: float
    kept: "asyncio.Future[None]"
    yields: bool = False
    spooling: bool = False
    segment: "Segment | None" = None
    refused: dict[int, str] = field(default_factory=dict)
    left: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = len(self.records)
        self.size = sum(len(record.key) + len(record.value) for record in self.records)

    def answer(self, error: Exception | None = None) -> None:
        """Tell whoever waits; nobody may, any more."""
        settle(self.kept, error)


def settle(future: "asyncio.Future[None]", error: Exception | None) -> None:
    """Give a future its outcome, unless it has one: whoever waited may be gone."""
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)

"""A keeper with everything around it played by plain objects."""

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, NoReturn

from faust.types import TP

from models.delta import Delta
from models.delta_format import decode_delta, encode_delta
from models.fold import Fold
from models.settings import Settings
from models.tally import Tally, merge
from models.topics import topic_of
from models.windows import FLIGHT
from streams.changelog import UnusableState
from streams.dead_letters import DeadLetter
from streams.keeper import Keeper
from tests.unit.models.building import NOON, raw, registry

IMPRESSIONS = TP("impressions", 0)
Offsets = dict[TP, tuple[int, int]]


class Stopped(BaseException):
    """The worker has stopped itself."""


class FakeConsumer:
    """Offsets of the broker, and what the keeper asked of it."""

    def __init__(self, offsets: Offsets) -> None:
        self.offsets = offsets
        self.gaps: dict[tuple[TP, int], int] = {}
        self.read: dict[TP, int] = {}
        self.handed: dict[TP, int] = {}
        self.sought: list[dict[TP, int]] = []
        self.committed: dict[TP, int] = {}
        self.refuses = False

    async def source_offsets(self) -> Offsets:
        return self.offsets

    async def seek_to(self, positions: Mapping[TP, int]) -> None:
        if positions:
            self.sought.append(dict(positions))

    async def read_to(self, tp: TP) -> int | None:
        return self.read.get(tp)

    def fetched(self, tp: TP) -> int:
        return self.handed.get(tp, 0)

    async def commit_positions(self, positions: Mapping[TP, int]) -> None:
        if self.refuses:
            raise ConnectionError("no coordinator")
        self.committed.update(positions)

    def gap_start(self, tp: TP, offset: int) -> int:
        return self.gaps.pop((tp, offset), offset)


class FakeChangelog:
    """Stored deltas; `gate` holds a store back, `fails` makes it raise."""

    topic = "team-tallies-changelog"

    def __init__(self) -> None:
        self.stored: dict[int, list[bytes]] = {}
        self.letters: list[DeadLetter] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.storing = asyncio.Event()
        self.fails = False
        self.damage = ""
        self.tidied: list[int] = []

    async def restore(self, fold: Fold, partitions: set[int], _: object) -> None:
        if self.damage:
            raise UnusableState(self.damage)
        for partition in partitions:
            for data in self.stored.get(partition, []):
                fold.replay(partition, decode_delta(data))

    async def store(self, refused: Sequence[DeadLetter], deltas: Mapping[int, Delta]) -> None:
        self.storing.set()
        await self.gate.wait()
        if self.fails:
            raise ConnectionError("broker away")
        self.letters += refused
        for number, delta in deltas.items():
            self.stored.setdefault(number, []).append(encode_delta(delta))

    async def tidy(self, partition: int, *_: object) -> None:
        self.tidied.append(partition)


class Stage:
    """A keeper of the usual campaign, at noon, and the players around it."""

    def __init__(self, offsets: Offsets | None = None, changelog: FakeChangelog | None = None) -> None:
        self.reasons: list[str] = []
        self.consumer = FakeConsumer(offsets or {IMPRESSIONS: (0, 0)})
        self.changelog = changelog or FakeChangelog()
        self.app = SimpleNamespace(consumer=self.consumer, should_stop=False)
        self.keeper = Keeper(Settings(), registry(), lambda: NOON, self._fail_stop)
        self.keeper.connect(self.app, self.changelog)  # type: ignore[arg-type]  # which it plays

    def _fail_stop(self, reason: str) -> NoReturn:
        self.reasons.append(reason)
        raise Stopped(reason)

    @property
    def counted(self) -> Tally:
        """Add up what the flight holds."""
        fold = self.keeper.held
        leaves = [leaf for name in fold.leaf_counts() for leaf in fold.leaves_of(name)] if fold else []
        return merge(fold.tally(leaf, FLIGHT) for leaf in leaves) if fold else {}

    def deliver(self, *offsets: int, partition: int = 0, value: bytes | None = None) -> None:
        """Deliver impressions at these offsets, each with its own id, and have them applied."""
        for offset in offsets:
            own = raw("impression", event_id=f"{partition}-{offset}") if value is None else value
            self.keeper.accept(message(offset, own, partition))
        self.keeper._apply()

    def restarted(self, offsets: Offsets) -> "Stage":
        """Give another keeper that finds what this one has stored."""
        return Stage(offsets, self.changelog)


def message(offset: int, value: bytes | None, partition: int = 0) -> Any:
    """Give a Kafka message of noon as Faust does."""
    return SimpleNamespace(
        topic=topic_of("impression"),
        partition=partition,
        offset=offset,
        key=None,
        value=value,
        headers=(),
        timestamp=NOON / 1_000_000,
    )


async def restored(waiting: int = 0) -> Stage:
    """Give a stage whose keeper holds partition 0, with so many records waiting."""
    stage = Stage({IMPRESSIONS: (0, waiting)})
    await stage.keeper.restore()
    return stage

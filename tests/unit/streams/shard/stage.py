"""One worker of the usual campaign with one partition, and what tests of the shard manager ask of it."""

import asyncio
from typing import Any

from aiokafka.errors import KafkaError

from models.state.shard_state import ShardState
from models.tally import Tally, merge
from models.topics import FORWARDED
from models.windows import FLIGHT
from streams.kafka.fetched import Fetched
from tests.unit.models.building import raw, registry
from tests.unit.streams.cluster import Broker, PlayedWorker

VIEWS = ("impressions", 0)
BUNDLES = (FORWARDED, 0)


async def turn() -> None:
    """Let every task go on as far as it can."""
    for _ in range(30):
        await asyncio.sleep(0)


class Stage(PlayedWorker):
    """A worker, with impressions that wait where there are to be some."""

    def __init__(self, broker: Broker | None = None, owner: Any = lambda _: 0) -> None:
        super().__init__(broker or Broker(), registry(), owner)

    def view(self, number: int = 1, value: bytes | None = None) -> None:
        """Send impressions, each with its own id."""
        for _ in range(number):
            own = raw("impression", event_id=str(self.broker.bounds(VIEWS)[1]))
            self.broker.send(VIEWS, own if value is None else value)

    def read(self, number: int | None = None) -> None:
        """Have the next impressions applied: all, or so many new ones."""
        if number is not None:
            self.view(number)
        self.deliver(VIEWS)
        self.apply()

    def hand_over(self, start: int, end: int) -> None:
        """Hand over impressions out of turn."""
        self.manager.accept(VIEWS, Fetched(start, end, self.broker.fetched(VIEWS, start, end)))

    def apply(self) -> None:
        """Apply what waits, as a timer does within moments."""
        self.manager._intake.apply()

    async def read_again(self) -> None:
        """Have what came ahead, or never came, read again."""
        await self.manager._intake.read_gaps_again(self)

    async def shorten(self) -> None:
        """Write a snapshot where one is due."""
        await self.manager._snapshots.write(self.manager.assignment)

    @property
    def state(self) -> ShardState:
        """Return the shard's state."""
        return self.manager.assignment.shards[0].state

    @property
    def counted(self) -> Tally:
        """Add up what the flight holds."""
        shards = self.manager.assignment.shards.values()
        states = [(shard.state, name) for shard in shards for name in shard.state.leaf_counts()]
        return merge(state.tally(leaf, FLIGHT) for state, name in states for leaf in state.leaves_of(name))

    @property
    def views(self) -> float:
        """Count the impressions that are held."""
        return self.counted.get("impressions", 0)

    @property
    def shown(self) -> bool:
        """Return whether the campaign is shown."""
        return self.manager.shown.of("glow") is not None

    def restarted(self) -> "Stage":
        """Return another worker that finds what this one has stored."""
        return Stage(self.broker)


async def restored(waiting: int = 0) -> Stage:
    """Return a worker that holds partition 0, with so many records waiting."""
    stage = Stage()
    stage.view(waiting)
    await stage.join({0})
    await turn()
    return stage


async def came_back(stage: Stage) -> Stage:
    """Assign a worker its partition again."""
    await stage.join({0})
    await turn()
    return stage


async def counted_anew(stage: Stage) -> float:
    """Count what another worker finds, with what waits."""
    again = stage.restarted()
    await again.join({0})
    again.read()
    return again.views


async def refused(*_: object) -> Any:
    """Fail as Kafka does where it refuses."""
    raise KafkaError("refused")

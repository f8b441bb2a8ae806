"""Lag: by the broker's end offsets, from what is applied."""

from typing import Any

from aiokafka import TopicPartition

from models.settings import Settings
from streams.lag import LagWatch

PLACE = ("clicks", 0)


class Broker:
    """Gives end offsets as aiokafka's consumer does."""

    def __init__(self) -> None:
        self.ends: dict[str, int] = {}
        self.asked: list[TopicPartition] = []

    async def end_offsets(self, wanted: list[TopicPartition]) -> dict[TopicPartition, int]:
        self.asked = wanted
        return {tp: self.ends.get(tp.topic, 0) for tp in wanted}


class Scene:
    """A lag watch of partition 0 under a prefix; what is applied and read is of clicks alone."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.assigned = {0}
        self.applied: int | None = 0
        self.read: int | None = 0
        self.watch = LagWatch(
            Settings(topic_prefix="team."), lambda: self.assigned, self._position, self._read_to
        )

    def _position(self, topic: str, partition: int) -> int | None:
        return self.applied if (topic, partition) == PLACE else 0

    async def _read_to(self, topic: str, partition: int) -> int | None:
        return self.read if (topic, partition) == PLACE else 0

    async def ask(self, end: int, applied: int | None, read: int | None) -> int | None:
        """Ask the broker once; give the lag of clicks."""
        self.broker.ends = {"team.clicks": end}
        self.applied, self.read = applied, read
        broker: Any = self.broker
        await self.watch._ask(broker)
        return self.watch.lag().get(PLACE)


async def test_before_the_broker_is_asked_nothing_is_known() -> None:
    assert Scene().watch.lag() == {}


async def test_lag_is_what_is_not_applied_and_follows_what_is() -> None:
    scene = Scene()

    assert await scene.ask(end=10, applied=4, read=9) == 6
    scene.applied = 10
    assert scene.watch.lag()[PLACE] == 0
    scene.applied = 12
    assert scene.watch.lag()[PLACE] == 0, "the end is known from before"


async def test_all_four_topics_of_what_is_held_are_asked_for_by_their_prefixed_names() -> None:
    scene = Scene()
    await scene.ask(end=1, applied=0, read=0)

    assert {tp.topic for tp in scene.broker.asked} == {
        "team.impressions",
        "team.clicks",
        "team.engagements",
        "team.conversions",
    }
    assert set(scene.watch.lag()) == {
        (name, 0) for name in ("impressions", "clicks", "engagements", "conversions")
    }


async def test_what_is_no_longer_held_has_no_lag() -> None:
    scene = Scene()
    await scene.ask(end=10, applied=4, read=4)
    scene.applied = None

    assert PLACE not in scene.watch.lag()


async def test_a_standby_asks_for_nothing() -> None:
    scene = Scene()
    scene.assigned = set()

    assert await scene.ask(end=10, applied=None, read=None) is None
    assert scene.broker.asked == []


async def test_a_marker_at_the_end_is_no_lag_once_the_consumer_is_past_it() -> None:
    scene = Scene()

    assert await scene.ask(end=10, applied=9, read=10) == 1, "a record may be on its way"
    assert await scene.ask(end=10, applied=9, read=10) == 0
    assert await scene.ask(end=13, applied=9, read=10) == 3
    scene.applied = 11
    assert scene.watch.lag()[PLACE] == 2


async def test_records_that_wait_in_the_worker_are_lag_however_far_it_has_read() -> None:
    scene = Scene()

    for applied in (3, 5, 7):
        assert await scene.ask(end=10, applied=applied, read=10) == 10 - applied
    for _ in range(2):
        assert await scene.ask(end=10, applied=7, read=None) == 3

"""Lag: by the broker's end offsets, from what is applied."""

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from models.settings import Settings
from models.times import SECOND, format_time
from streams.kafka.halt import TopicRecreated
from streams.kafka.sources import EndOffsets, SourceNames
from streams.worker.lag import LagWatch
from streams.worker.watchdog import STALLED_AFTER_SECONDS, Watchdog
from tests.unit.models.building import NOON

CLICKS, FORWARDED = ("clicks", 0), ("forwarded", 0)


class Broker:
    """Gives end offsets as aiokafka's consumer does."""

    def __init__(self) -> None:
        self.ends: dict[str, int] = {}
        self.asked: list[TopicPartition] = []
        self.starts = 0
        self.refuses = False

    async def start(self) -> None:
        if self.refuses:
            raise KafkaError
        self.starts += 1

    async def end_offsets(self, wanted: list[TopicPartition]) -> dict[TopicPartition, int]:
        self.asked = wanted
        return {tp: self.ends.get(tp.topic, 0) for tp in wanted}


SETTINGS = Settings(group="team", topic_prefix="team.")


class Scene:
    """A lag watch of partition 0 under a prefix, and what is applied."""

    def __init__(self) -> None:
        self.broker = Broker()
        self.log = Broker()
        self.ends = EndOffsets(SourceNames(SETTINGS), self.broker, self.log)
        self.applied = {CLICKS: 0, FORWARDED: 0}
        self.now = NOON
        self.watch = LagWatch(
            SETTINGS, lambda: dict(self.applied), Watchdog(lambda: self.now / SECOND), lambda: self.now
        )

    async def ask(self, end: int, applied: int, held_back: int = 0) -> int | None:
        """Ask the broker once; give the lag of clicks, of whose log the last cannot be read."""
        self.broker.ends = {"team.clicks": end - held_back}
        self.log.ends = {"team.clicks": end}
        self.applied[CLICKS] = applied
        await self.watch._ask(self.ends)
        return self.watch.lag().get(CLICKS)


async def test_before_the_broker_is_asked_nothing_is_known() -> None:
    assert Scene().watch.lag() == {}


async def test_lag_is_what_is_not_applied_and_follows_what_is() -> None:
    scene = Scene()

    assert await scene.ask(end=10, applied=4) == 6
    scene.applied[CLICKS] = 10
    assert scene.watch.lag()[CLICKS] == 0
    scene.applied[CLICKS] = 12
    assert scene.watch.lag()[CLICKS] == 0, "the end is known from before"

    await scene.ask(end=12, applied=12)
    assert scene.broker.starts == 1


async def test_all_that_is_held_is_asked_for_by_its_full_name_and_told_by_that_of_metrics() -> None:
    scene = Scene()
    await scene.ask(end=1, applied=0)

    assert scene.broker.asked == [TopicPartition("team.clicks", 0), TopicPartition("team-forwarded", 0)]
    assert scene.watch.lag() == {CLICKS: 1, FORWARDED: 0}


async def test_what_is_no_longer_held_has_no_lag() -> None:
    scene = Scene()
    await scene.ask(end=10, applied=4)
    del scene.applied[CLICKS]

    assert scene.watch.lag() == {FORWARDED: 0}


async def test_a_standby_asks_for_nothing() -> None:
    scene = Scene()
    scene.applied.clear()
    await scene.watch._ask(scene.ends)

    assert (scene.watch.lag(), scene.broker.asked) == ({}, [])


async def test_a_topic_that_ends_before_what_is_applied_was_made_anew() -> None:
    scene = Scene()

    with pytest.raises(
        TopicRecreated, match=r"ahead of team.clicks.*Delete team-forwarded and team-tallies-changelog"
    ):
        await scene.ask(end=3, applied=4)


async def test_what_waits_behind_an_open_transaction_is_lag_and_no_standing_still(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    for _ in range(3):
        assert await scene.ask(end=2546, applied=120, held_back=2426) == 2426
        assert scene.watch.readable_lag()[CLICKS] == 0
        scene.now += int(STALLED_AFTER_SECONDS * SECOND)

    assert scene.watch.held_back() == {CLICKS: 3 * STALLED_AFTER_SECONDS}
    said = scene.watch.open_transactions()
    assert said.startswith("team.clicks/0 can be read up to offset 120 and ends at 2546: a transaction of")
    assert f"open since {format_time(NOON)} or longer" in said
    assert [record.message for record in caplog.records] == [said]

    await scene.ask(end=2546, applied=120)
    assert (scene.watch.held_back(), scene.watch.open_transactions()) == ({}, "")
    assert caplog.records[-1].message == "the transaction on team.clicks/0 is over"


async def test_short_transactions_are_not_told_however_many_follow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    for offset in range(10):
        await scene.ask(end=offset + 1, applied=offset, held_back=1)
        scene.now += 50 * SECOND

    assert scene.watch.held_back() == {CLICKS: 50.0}
    assert (scene.watch.open_transactions(), caplog.records) == ("", [])


async def test_of_a_transaction_on_what_another_worker_holds_now_nothing_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = Scene()
    for _ in range(2):
        await scene.ask(end=9, applied=5, held_back=4)
        scene.now += 100 * SECOND
    del scene.applied[CLICKS]
    await scene.watch._ask(scene.ends)

    assert [record.message for record in caplog.records if "is over" in record.message] == []


async def test_a_broker_that_goes_while_it_is_first_asked_is_asked_again() -> None:
    scene = Scene()
    scene.log.refuses = True
    with pytest.raises(KafkaError):
        await scene.ask(end=1, applied=0)
    scene.log.refuses = False

    assert await scene.ask(end=1, applied=0) == 1
    assert (scene.broker.starts, scene.log.starts) == (1, 1)

"""The watch over the group asks while the worker is no member, and says once what it is told."""

import asyncio
import logging
from dataclasses import dataclass

import pytest

from connections.kafka import KafkaUnavailable
from streams.worker.group_watch import GroupWatch

FULL = "The consumer group g is full."


@dataclass
class Member:
    joined: bool = False
    refusal: str = ""


class Scene:
    def __init__(self) -> None:
        self.obstacle: str | Exception = ""
        self.asked = 0
        self.may_be_member = False
        self.member = Member()
        self.watch = GroupWatch(self._find)

    async def _find(self, may_be_member: bool) -> str:
        self.asked += 1
        self.may_be_member = may_be_member
        if isinstance(self.obstacle, Exception):
            raise self.obstacle
        return self.obstacle

    async def look(self, times: int = 1) -> str:
        for _ in range(times):
            await self.watch.look(self.member)
        return self.watch.problem


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_a_member_asks_nothing(scene: Scene) -> None:
    scene.member.joined = True
    scene.obstacle = FULL

    assert await scene.look(3) == ""
    assert scene.asked == 0


async def test_who_left_a_moment_ago_may_be_in_a_rebalance_and_is_not_asked_about(scene: Scene) -> None:
    scene.obstacle = FULL

    assert await scene.look() == ""
    assert await scene.look() == FULL


async def test_what_keeps_it_out_is_logged_once_and_so_is_that_it_is_gone(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    scene.obstacle = FULL
    await scene.look(4)
    scene.member.joined = True

    assert await scene.look(2) == ""
    assert [record.message for record in caplog.records] == [
        f"no member of the consumer group: {FULL}",
        "nothing keeps the worker from its consumer group any more",
    ]


async def test_a_broker_that_does_not_answer_is_named(scene: Scene) -> None:
    scene.obstacle = KafkaUnavailable("No broker answers.")

    assert await scene.look(2) == "No broker answers."


async def test_a_refusal_that_the_broker_does_not_explain_is_named(scene: Scene) -> None:
    scene.member.refusal = "KafkaError"

    assert await scene.look(2) == "Kafka refuses the worker as a member of its consumer group (KafkaError)."


async def test_before_it_joins_a_worker_waits_until_nothing_is_in_its_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.group_watch.ASK_SECONDS", 0)
    scene.obstacle = FULL
    waiting = asyncio.create_task(scene.watch.wait())
    while scene.watch.problem != FULL:
        await asyncio.sleep(0)
    assert not waiting.done()

    scene.obstacle = ""
    await waiting
    assert scene.watch.problem == ""


async def test_only_who_was_refused_is_surely_no_member(scene: Scene) -> None:
    await scene.watch.wait()
    assert not scene.may_be_member

    await scene.look(2)
    assert scene.may_be_member, "it may be in the midst of a join"

    scene.member.refusal = "GroupMaxSizeReachedError"
    await scene.look()
    assert not scene.may_be_member

"""A registry that is lost alarms, is no deletion, and is written again."""

import json
from typing import Any

import pytest

from tests.unit.connections.registry_scene import FakeRedis, Scene, spoilt_campaign


@pytest.fixture
def scene() -> Scene:
    return Scene()


def emptied(redis: FakeRedis) -> None:
    redis.keys = {}


def older(redis: FakeRedis) -> None:
    redis.hold(4)


def spoilt(redis: FakeRedis) -> None:
    redis.keys |= {"kpis:registry": "{", "kpis:registry:version": "6"}


def spoilt_version(redis: FakeRedis) -> None:
    redis.keys["kpis:registry:version"] = "new"


def without_document(redis: FakeRedis) -> None:
    redis.keys = {"kpis:registry:version": "5"}


def without_newer_document(redis: FakeRedis) -> None:
    redis.keys = {"kpis:registry:version": "6"}


def spoilt_document(redis: FakeRedis) -> None:
    redis.keys |= {"kpis:registry": "{"}


def away(redis: FakeRedis) -> None:
    redis.away = True


async def looks_until_told(scene: Scene) -> int:
    """Look until something is wrong; return after how many looks."""
    for number in range(1, 10):
        await scene.look()
        if scene.watch.problem:
            return number
    raise AssertionError("nothing was told")


LOSSES = [
    (emptied, "No campaigns are registered", True),
    (older, "went back from version 5 to 4", True),
    (spoilt, "no JSON document", False),
    (spoilt_campaign, "campaigns.glow.currency", False),
    (spoilt_version, "holds no version", True),
    (without_document, "has lost the key", True),
    (without_newer_document, "has lost the key", False),
    (spoilt_document, "no JSON document", True),
    (away, "Redis at redis.test:6379 ends the connection", False),
]


@pytest.mark.parametrize(("lose", "said", "written"), LOSSES)
async def test_a_loss_alarms_within_ten_seconds_and_is_never_a_deletion(
    scene: Scene, lose: Any, said: str, written: bool
) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    whole = dict(scene.redis.keys)

    lose(scene.redis)
    assert await looks_until_told(scene) < 10
    assert scene.campaigns == ["glow"]
    assert said in scene.watch.problem
    assert ("written again" in scene.watch.problem) is written
    seen = scene.watch.loaded_at

    assert not await scene.look()
    assert scene.campaigns == ["glow"]
    assert (scene.watch.problem == "") is written
    assert scene.redis.keys == whole or not written
    assert (scene.watch.loaded_at != seen) is written, "stands still while the registry is not whole"


@pytest.mark.parametrize(("lose", "said", "written"), LOSSES)
async def test_what_is_applied_after_a_loss_is_taken(
    scene: Scene, lose: Any, said: str, written: bool
) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    lose(scene.redis)
    await looks_until_told(scene)

    scene.redis.away = False
    scene.redis.hold(7, "glow", "snow")

    assert await scene.look()
    assert (scene.campaigns, scene.watch.problem) == (["glow", "snow"], "")


async def test_what_is_newer_is_never_replaced_though_it_comes_in_the_midst_of_writing(scene: Scene) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    scene.redis.keys = {}
    scene.redis.meanwhile = lambda redis: redis.hold(6, "snow")

    await scene.look()
    assert json.loads(scene.redis.keys["kpis:registry"])["version"] == 6
    assert await scene.look()
    assert scene.campaigns == ["snow"]


async def test_a_version_that_is_gone_beside_its_document_is_written_again(scene: Scene) -> None:
    scene.redis.hold(5, "glow")
    del scene.redis.keys["kpis:registry:version"]

    assert await scene.look()
    assert scene.campaigns == ["glow"]
    assert scene.redis.keys["kpis:registry:version"] == "5"

    scene.redis.hold(6, "snow")
    del scene.redis.keys["kpis:registry:version"]
    assert await scene.look()
    assert (scene.campaigns, scene.redis.keys["kpis:registry:version"]) == (["snow"], "6")


async def test_a_redis_that_takes_no_writes_is_told_of_and_written_to_once_it_does(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    scene.redis.keys, scene.redis.full = {}, True

    await scene.look()
    await scene.look()
    assert "cannot be written again: Redis at redis.test:6379 has no memory left" in scene.watch.problem
    assert (len(caplog.messages), scene.watch.loaded_at) == (1, 1.0)

    scene.redis.full = False
    await scene.look()
    await scene.look()
    assert (scene.watch.problem, scene.redis.keys["kpis:registry:version"]) == ("", "5")


async def test_the_same_version_after_a_loss_is_no_change_and_ends_the_alarm(scene: Scene) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    scene.redis.away = True
    await scene.look()
    scene.redis.away = False

    assert not await scene.look()
    assert (scene.watch.loaded_at, scene.watch.problem) == (3.0, "")


@pytest.mark.parametrize("then", [emptied, older])
async def test_a_loss_between_the_question_for_the_version_and_for_the_document_is_no_deletion(
    scene: Scene, then: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    scene.redis.hold(6, "snow")
    answer = scene.redis.get

    async def get_and_lose(key: str) -> str | None:
        text = await answer(key)
        then(scene.redis)
        return text

    monkeypatch.setattr(scene.redis, "get", get_and_lose)

    assert not await scene.look()
    assert scene.campaigns == ["glow"]
    assert scene.watch.loaded_at == 1.0

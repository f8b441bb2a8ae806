"""The registry watch takes what is newer, and says what is wrong once."""

import asyncio

import pytest

from models.campaigns.registry import Registry
from tests.unit.connections.registry_scene import Scene
from tests.unit.models.building import campaign


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_a_registry_is_taken_once_and_then_only_looked_at(scene: Scene) -> None:
    scene.redis.hold(5, "glow")

    assert [await scene.look(), await scene.look()] == [True, False]
    assert (scene.campaigns, scene.watch.loaded_at, scene.watch.problem) == (["glow"], 2.0, "")


async def test_a_newer_registry_replaces_the_known_one_deletions_included(scene: Scene) -> None:
    scene.redis.hold(5, "glow", "snow")
    await scene.look()
    scene.redis.hold(6, "snow")

    assert await scene.look()
    assert scene.campaigns == ["snow"]


async def test_before_anything_is_registered_the_command_to_do_so_is_named(scene: Scene) -> None:
    assert not await scene.look()
    assert scene.watch.current is None
    assert scene.watch.loaded_at is None
    assert "kpis campaigns apply FILE" in scene.watch.problem


async def test_a_problem_is_logged_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.redis.away = True
    for _ in range(3):
        await scene.look()

    assert len(caplog.messages) == 1


async def test_whoever_runs_the_watch_is_told_of_what_is_newer(scene: Scene) -> None:
    scene.redis.hold(5, "glow")
    told: asyncio.Future[Registry] = asyncio.get_running_loop().create_future()

    task = asyncio.create_task(scene.watch.run(told.set_result))
    known = await told
    task.cancel()

    assert known.version == 5
    assert known.campaigns["glow"] == campaign(name="glow")


async def test_that_redis_is_back_is_logged_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    assert caplog.messages == []
    for gone in (True, True, False, False):
        scene.redis.away = gone
        await scene.look()
    assert len(caplog.messages) == 2
    assert caplog.messages[1] == "The campaign registry can be read again"

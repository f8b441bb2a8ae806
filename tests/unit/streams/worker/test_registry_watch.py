"""The registry watch takes what is newer, and believes no loss."""

import asyncio
import json
from typing import Any

import pytest
from redis.exceptions import ConnectionError

from models.campaigns.campaign import Registry
from models.times import SECOND
from streams.worker.registry_watch import RegistryWatch
from tests.unit.models.building import campaign


class FakeRedis:
    """Redis as the registry asks it; `away` while it does not answer."""

    def __init__(self) -> None:
        self.away = False
        self.keys: dict[str, str] = {}
        self.connection_pool = self
        self.connection_kwargs = {"host": "redis.test", "port": 6379}

    async def get(self, key: str) -> str | None:
        return (await self.mget(key))[0]

    async def mget(self, *keys: str) -> list[str | None]:
        if self.away:
            raise ConnectionError("refused")
        return [self.keys.get(key) for key in keys]

    def hold(self, version: int, *names: str) -> None:
        flight = {"starts": "2026-11-01T00:00:00Z", "ends": "2026-12-01T00:00:00Z", "currency": "EUR"}
        campaigns = {name: {"id": name, "name": name, **flight} for name in names}
        self.keys = {
            "kpis:registry": json.dumps({"version": version, "campaigns": campaigns}),
            "kpis:registry:version": str(version),
        }


class Scene:
    """A watch, its Redis, and a clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.redis = FakeRedis()
        self.now = 0
        self.watch = RegistryWatch(self.redis, "kpis:", lambda: self.now * SECOND)  # type: ignore[arg-type]  # plays a Redis

    async def look(self) -> bool:
        self.now += 1
        return await self.watch.look()

    @property
    def campaigns(self) -> list[str]:
        return sorted(self.watch.current.campaigns) if self.watch.current else []


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


def emptied(redis: FakeRedis) -> None:
    redis.keys = {}


def older(redis: FakeRedis) -> None:
    redis.hold(4)


def spoilt(redis: FakeRedis) -> None:
    redis.keys |= {"kpis:registry": "{", "kpis:registry:version": "6"}


def spoilt_campaign(redis: FakeRedis) -> None:
    redis.hold(6, "glow")
    redis.keys["kpis:registry"] = redis.keys["kpis:registry"].replace("EUR", "euro")


def spoilt_version(redis: FakeRedis) -> None:
    redis.keys["kpis:registry:version"] = "new"


def without_document(redis: FakeRedis) -> None:
    redis.keys = {"kpis:registry:version": "6"}


def away(redis: FakeRedis) -> None:
    redis.away = True


@pytest.mark.parametrize(
    ("lose", "said"),
    [
        (emptied, "No campaigns are registered"),
        (older, "went back from version 5 to 4"),
        (spoilt, "no JSON document"),
        (spoilt_campaign, "campaigns.glow.currency"),
        (spoilt_version, "holds no version"),
        (without_document, "has lost the key"),
        (away, "does not answer at redis.test:6379"),
    ],
)
async def test_a_loss_is_an_alarm_and_never_a_deletion(scene: Scene, lose: Any, said: str) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()

    lose(scene.redis)

    assert [await scene.look(), await scene.look()] == [False, False]
    assert scene.campaigns == ["glow"]
    assert said in scene.watch.problem
    assert scene.watch.loaded_at == 1.0, "stands still while the registry is not whole"

    scene.redis.away = False
    scene.redis.hold(7, "glow", "snow")
    assert await scene.look()
    assert (scene.campaigns, scene.watch.loaded_at, scene.watch.problem) == (["glow", "snow"], 4.0, "")


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

"""The registry watch takes what is newer, and believes no loss."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from redis.exceptions import ConnectionError, OutOfMemoryError, WatchError

from models.campaigns.registry import Registry
from models.times import SECOND
from streams.worker.registry_watch import RegistryWatch
from tests.unit.models.building import campaign


class FakeRedis:
    """Redis as the registry asks it, and its own pipeline; `away` while it does not answer.

    `meanwhile` happens once, between what a transaction reads and what it writes.
    """

    def __init__(self) -> None:
        self.away = False
        self.full = False
        self.meanwhile: Callable[[FakeRedis], None] | None = None
        self._queued: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.connection_pool = self
        self.connection_class = object
        self.connection_kwargs = {"host": "redis.test", "port": 6379}

    async def get(self, key: str) -> str | None:
        return (await self.mget(key))[0]

    async def mget(self, *keys: str) -> list[str | None]:
        if self.away:
            raise ConnectionError("refused")
        return [self.keys.get(key) for key in keys]

    def pipeline(self, *, transaction: bool) -> "FakeRedis":
        assert transaction
        return self

    async def __aenter__(self) -> "FakeRedis":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def watch(self, *_: str) -> None:
        pass

    def multi(self) -> None:
        self._queued = {}

    def mset(self, values: dict[str, Any]) -> None:
        self._queued = {key: str(value) for key, value in values.items()}

    async def execute(self) -> None:
        if self.full:
            raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens(self)
            raise WatchError
        self.keys |= self._queued

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


def hold_unreadable(redis: FakeRedis, version: int, **fields: Any) -> None:
    """Hold `glow` with these fields, beside a sound `snow`."""
    redis.hold(version, "glow", "snow")
    document = json.loads(redis.keys["kpis:registry"])
    document["campaigns"]["glow"] |= fields
    redis.keys["kpis:registry"] = json.dumps(document)


async def test_a_campaign_that_cannot_be_read_any_more_goes_on_as_last_read_and_the_others_change(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    hold_unreadable(scene.redis, 6, currency="euro")

    assert await scene.look()
    known = scene.watch.current
    assert known is not None
    assert (known.version, scene.campaigns) == (6, ["glow", "snow"])
    assert (known.campaigns["glow"], known.hidden) == (campaign(name="glow"), frozenset())
    assert (scene.watch.loaded_at, scene.watch.problem) == (2.0, "")
    (said,) = caplog.messages
    assert "campaigns.glow.currency" in said
    assert "counted and shown as last read" in said
    assert "kpis campaigns delete glow" in said


async def test_a_worker_that_starts_counts_what_it_can_read_and_says_what_it_refuses(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    hold_unreadable(scene.redis, 5, budget=-1)
    assert await scene.look()
    known = scene.watch.current
    assert known is not None
    assert (scene.campaigns, known.hidden) == (["glow", "snow"], frozenset({"glow"}))

    again = Scene()
    hold_unreadable(again.redis, 5, currency="euro")
    assert await again.look()
    assert again.campaigns == ["snow"]
    assert ["counted, and it is shown once" in said for said in caplog.messages] == [True, False]
    assert "refused as unknown_campaign" in caplog.messages[1]


async def test_what_cannot_be_read_is_logged_once_and_again_when_it_changes(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    for version, budget in ((5, -1), (6, -1), (7, "much"), (8, 5), (9, -1)):
        hold_unreadable(scene.redis, version, budget=budget)
        await scene.look()

    assert len(caplog.messages) == 3
    assert scene.campaigns == ["glow", "snow"]


async def test_an_unreadable_campaign_that_is_deleted_is_gone(scene: Scene) -> None:
    hold_unreadable(scene.redis, 5, budget=-1)
    await scene.look()
    scene.redis.hold(6, "snow")

    assert await scene.look()
    assert scene.campaigns == ["snow"]
    assert scene.watch.current is not None
    assert scene.watch.current.unreadable == ()


async def test_a_registry_of_which_nothing_can_be_read_is_waited_for(scene: Scene) -> None:
    scene.redis.hold(6, "glow")
    spoilt_campaign(scene.redis)

    assert not await scene.look()
    assert (scene.watch.current, scene.watch.loaded_at) == (None, None)
    assert "campaigns.glow.currency" in scene.watch.problem


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


async def test_that_redis_is_back_is_logged_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.redis.hold(5, "glow")
    await scene.look()
    assert caplog.messages == []
    for gone in (True, True, False, False):
        scene.redis.away = gone
        await scene.look()
    assert len(caplog.messages) == 2
    assert caplog.messages[1] == "The campaign registry can be read again"

"""What cannot be read of a registry is named, and all else lives."""

import json
from typing import Any

import pytest

from tests.unit.connections.registry_scene import FakeRedis, Scene, spoilt_campaign
from tests.unit.models.building import campaign


@pytest.fixture
def scene() -> Scene:
    return Scene()


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

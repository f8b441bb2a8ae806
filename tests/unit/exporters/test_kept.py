"""Answers that stand for a while."""

import asyncio

import pytest

from exporters.kept import Effort, Kept


class Scene:
    """A clock that goes when told to, and answers that take 2 s to make."""

    def __init__(self) -> None:
        self.now = 0.0
        self.made = 0
        self.kept: Kept[str, str] = Kept(self.make, lambda: self.now)

    async def make(self, key: str, effort: Effort) -> str:
        self.now += 1
        await effort.pause()
        self.now += 1
        self.made += 1
        if key == "bad":
            raise ValueError(key)
        return f"{key} {self.made}"


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_an_answer_stands_three_times_as_long_as_it_took(scene: Scene) -> None:
    assert await scene.kept.get("a") == "a 1"
    scene.now = 2 + 3 * 2 - 0.1
    assert await scene.kept.get("a") == "a 1"
    scene.now = 2 + 3 * 2
    assert await scene.kept.get("a") == "a 2"


async def test_who_asks_meanwhile_gets_the_same_and_who_asks_otherwise_does_not(scene: Scene) -> None:
    assert await asyncio.gather(*map(scene.kept.get, "aab")) == ["a 1", "a 1", "b 2"]


async def test_what_others_do_in_a_pause_is_not_in_the_effort() -> None:
    now = 0.0
    effort = Effort(lambda: now)

    async def others() -> None:
        nonlocal now
        now += 100

    task = asyncio.create_task(others())
    now += 2
    await effort.pause()
    await task
    now += 3

    assert effort.end() == 5


async def test_who_hangs_up_takes_it_from_nobody(scene: Scene) -> None:
    first = asyncio.create_task(scene.kept.get("a"))
    await asyncio.sleep(0)
    second = asyncio.create_task(scene.kept.get("a"))
    first.cancel()

    assert await second == "a 1"


async def test_a_failure_is_told_and_not_kept(scene: Scene) -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="bad"):
            await scene.kept.get("bad")
    assert scene.made == 2

"""A process that ends, hangs, never loads or talks nonsense is followed by another; nobody waits for long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from models.sentiment.asking import FAILED
from streams.rating import process as room
from streams.rating.child import Child, Garbled
from streams.rating.messages import LENGTH_BYTES, Answer, Greeting, framed
from streams.rating.process import RatingProcess
from streams.rating.rating import Rating
from streams.rating.silence import Silence
from tests.unit.streams.rating.test_rating import NOW, texts

_LOADED = Greeting("m", "")
_SECONDS = 5.0


class Played:
    """A process that says some messages, and no more; `exits` says that it is gone then, its pipes open."""

    def __init__(self, *says: Greeting | Answer | Exception, exits: bool = False) -> None:
        self.ended_within: float | None = None
        self.has_exited = False
        self._says = [*says]
        self._exits = exits

    def send(self, message: bytes) -> None:
        """Take no notice."""

    async def message(self) -> bytes:
        """Say what comes next."""
        if not self._says:
            self.has_exited = self._exits
            await asyncio.Event().wait()
        if isinstance(said := self._says.pop(0), Exception):
            raise said
        return framed(said)[LENGTH_BYTES:]

    async def end(self, grace: float) -> int:
        """End."""
        self.ended_within = grace
        return 1


@pytest.fixture(autouse=True)
def _without_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(room, "_FIRST_PAUSE", 0.001)
    monkeypatch.setattr(room, "_BEARABLE_PAUSE", 0.002)


@asynccontextmanager
async def played(
    make: Callable[[], Any], silence: Callable[[], Silence] = lambda: Silence(2, 1000)
) -> AsyncIterator[tuple[RatingProcess, Sequence[Played]]]:
    """Run processes that are played, until the block ends."""
    lives: list[Played] = []

    async def start() -> Any:
        lives.append(made := make())
        return made

    process = RatingProcess(Rating(lambda: NOW), start, silence)
    task = asyncio.create_task(process.run())
    try:
        yield process, lives
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_SECONDS):
        while not holds():
            await asyncio.sleep(0.001)


def ask(process: RatingProcess) -> list[list[int]]:
    """Ask about a text; what is told of it is in the list once it is."""
    told: list[list[int]] = []
    process.rating.ask(texts("a"), NOW, lambda verdicts, _: told.append(verdicts.tolist()), live=True)
    return told


async def test_one_that_hangs_at_every_text_is_killed_and_soon_nobody_waits_for_another() -> None:
    async with played(lambda: Played(_LOADED)) as (process, lives):
        await until(lambda: process.starts == 1)
        told = ask(process)
        await until(lambda: told == [[FAILED]])
        assert [life.ended_within for life in lives[:2]] == [0.0, 0.0]

        while len(lives) < 5:
            ask(process)
            await asyncio.sleep(0.001)
        await until(lambda: ask(process) == [[FAILED]])


@pytest.mark.parametrize(("short", "pause"), [(0, 0.0), (1, 0.0), (2, 0.001), (3, 0.002), (5000, 1.024)])
def test_another_is_started_ever_later(short: int, pause: float) -> None:
    assert room.pause_after(short) == pytest.approx(pause)


async def test_one_that_is_asked_nothing_goes_on() -> None:
    async with played(lambda: Played(_LOADED)) as (process, lives):
        await until(lambda: process.starts == 1)
        await asyncio.sleep(0.1)

        assert len(lives) == 1


async def test_one_that_has_exited_is_over_though_what_it_started_holds_its_pipes() -> None:
    async with played(lambda: Played(_LOADED, exits=True)) as (_, lives):
        await until(lambda: len(lives) == 2)

    assert lives[0].ended_within == 2.0


async def test_nobody_waits_for_one_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WORTH_WAITING_SECONDS", 3.0)

    async with played(Played) as (process, lives):
        told = ask(process)
        await until(lambda: told == [[FAILED]])
        assert len(lives) == 1


async def test_one_that_does_not_load_at_all_is_killed_and_said() -> None:
    async with played(Played, lambda: Silence(2, 3)) as (process, lives):
        await until(lambda: len(lives) == 2)

        assert "did not load its model within 3 s" in process.problem


async def test_the_problem_is_that_of_the_last_one_and_none_once_one_rates() -> None:
    says: Iterator[Greeting | Exception] = iter([Greeting("", "no weights"), EOFError(), _LOADED])
    problems: list[str] = []

    def make() -> Played:
        problems.append(process.problem)
        return Played(next(says))

    async with played(make) as (process, _):
        await until(lambda: process.starts == 1)

    assert problems == ["", "no weights", "The process that rates ended (exit code 1), and never could."]
    assert process.problem == ""


@pytest.mark.parametrize("said", [EOFError(), Garbled()])
async def test_one_that_talks_nonsense_is_followed_by_another(said: Exception) -> None:
    async with played(lambda: Played(_LOADED, said)) as (process, _):
        await until(lambda: process.starts >= 2)


async def test_what_cannot_be_counted_ends_the_worker() -> None:
    async def start() -> Any:
        return Played(_LOADED, Answer(b"\0", 0.1))

    rating = Rating(lambda: NOW)

    def tell(*_: object) -> None:
        raise ValueError("a defect")

    rating.ask(texts("a"), NOW, tell, live=True)
    with pytest.raises(ValueError, match="a defect"):
        await asyncio.wait_for(RatingProcess(rating, start).run(), _SECONDS)


@pytest.mark.parametrize("length", [1_000_001, 2**32 - 1])
async def test_nothing_long_is_waited_for(length: int) -> None:
    child = Child()
    child.pipe_data_received(1, length.to_bytes(LENGTH_BYTES, "little"))

    with pytest.raises(Garbled):
        await child.message()

"""The process that rates: as its model does, again when it dies, as long as its worker; it leaks nothing."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from models.sentiment.asking import FAILED, NUMBER, Texts
from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import OwnWords
from streams.rating.process import RatingProcess
from streams.rating.rating import Rating
from tests.integration.raters import ROOT, install
from tests.interrupts import interruptible

PATIENCE_SECONDS = 25.0
WRITTEN = ["J'adore !", "Awful service, never again.", "Où l'acheter ?", "wicked", 'so "good"\n', "完美"]
WORDS = OwnWords(negative=("wicked",))
_ORPHAN = """
import asyncio, os, sys, time
from streams.rating.process import RatingProcess
from streams.rating.rating import Rating

async def main():
    process = RatingProcess(Rating(lambda: 0))
    task = asyncio.create_task(process.run())
    while not process.starts:
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    await task

asyncio.run(main())
"""


class Running:
    """A process that rates, run from here; `said` is what it wrote to its standard error."""

    def __init__(self, environment: dict[str, str], errors: Path) -> None:
        self.processes: list[Process] = []
        self._environment = {**os.environ, **environment}
        self._errors = errors
        self.rating = Rating(lambda: time.time_ns() // 1000)
        self.process = RatingProcess(self.rating, self._start)
        self.task = asyncio.create_task(self.process.run())

    async def _start(self) -> Process:
        with self._errors.open("ab") as errors:
            command = (sys.executable, "-m", "streams.rating")
            started = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=errors, env=self._environment, cwd=ROOT
            )
        self.processes.append(started)
        return started

    @property
    def said(self) -> str:
        return self._errors.read_text()

    def ask(self, *written: str, **more: Any) -> "asyncio.Future[tuple[list[int], str]]":
        told: asyncio.Future[tuple[list[int], str]] = asyncio.get_running_loop().create_future()
        texts = Texts(lines(*written), b"\n" * len(written), **more)

        def tell(verdicts: Any, model: str) -> None:
            told.set_result((verdicts.tolist(), model))

        self.rating.ask(texts, time.time_ns() // 1000, tell, live=True)
        return told

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                await asyncio.sleep(0.02)


Begin = Callable[..., Any]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    """Run a process that rates, with models of TOY installed, until the block ends."""

    @asynccontextmanager
    async def running(*models: str) -> AsyncIterator[Running]:
        own = Running({"PYTHONPATH": install(tmp_path, *models)}, tmp_path / "errors")
        try:
            yield own
        finally:
            own.task.cancel()
            await asyncio.gather(own.task, return_exceptions=True)
        assert all(process.returncode is not None for process in own.processes)

    return running


def lines(*written: str) -> bytes:
    """Write texts as JSON does, a line each."""
    return "".join(one.replace('"', '\\"').replace("\n", "\\n") + "\n" for one in written).encode()


async def test_it_rates_as_the_model_does(begin: Begin) -> None:
    model = LexiconRater(own_data())
    own = [WORDS if number == 3 else None for number in range(len(WRITTEN))]
    expected = [
        NUMBER[model.rate(text, None, words).verdict] for text, words in zip(WRITTEN, own, strict=True)
    ]

    async with begin() as running:
        told = running.ask(*WRITTEN, own=[-1, -1, -1, 0, -1, -1], words=[WORDS])
        verdicts, version = await asyncio.wait_for(told, PATIENCE_SECONDS)

    assert (verdicts, version) == (expected, model.version)
    assert verdicts[:2] == [0, 2]
    assert verdicts[3] == 2


async def test_killed_it_is_started_again_and_what_was_asked_is_answered(begin: Begin) -> None:
    async with begin() as running:
        first = running.ask("lovely")
        await asyncio.wait_for(first, PATIENCE_SECONDS)
        running.processes[0].send_signal(signal.SIGSTOP)
        asked = [running.ask("lovely", "awful") for _ in range(50)]
        running.processes[0].kill()

        answers = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_SECONDS)

    assert {tuple(verdicts) for verdicts, _ in answers} == {(0, 2)}
    assert running.process.starts == 2


async def test_a_stop_that_is_meant_for_the_worker_does_not_end_it(begin: Begin) -> None:
    async with begin() as running:
        await running.until(lambda: running.rating.model != "")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            running.processes[0].send_signal(number)

        assert await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS) == ([0], running.rating.model)
        assert len(running.processes) == 1


async def test_it_ends_with_its_worker_however_that_ends() -> None:
    with interruptible():
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", _ORPHAN, stdout=PIPE, cwd=ROOT)
    assert worker.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await worker.stdout.readline()
        (child,) = children(worker.pid)
        worker.kill()
        await worker.wait()
        while Path(f"/proc/{child}").exists():
            await asyncio.sleep(0.05)


def children(parent: int) -> list[int]:
    """List the processes that a process has started."""
    return [*map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]


async def test_a_model_of_an_installed_package_rates(begin: Begin) -> None:
    async with begin("make") as running:
        told = await asyncio.wait_for(running.ask("how awful"), PATIENCE_SECONDS)

    assert told == ([0], "optimist-1")


async def test_a_model_that_fails_at_a_text_costs_its_rating_and_tells_nobody_of_it(begin: Begin) -> None:
    async with begin("Leaking") as running:
        told = await asyncio.wait_for(running.ask("a secret", "another"), PATIENCE_SECONDS)

    assert told == ([FAILED, FAILED], "leaking-1")
    assert "secret" not in running.said


@pytest.mark.parametrize(
    ("models", "problem"), [(("fail",), "OSError: no weights"), (("make", "Slow"), "Several packages")]
)
async def test_a_model_that_cannot_be_used_is_told_with_why(
    begin: Begin, models: tuple[str, ...], problem: str
) -> None:
    async with begin(*models) as running:
        await running.until(lambda: running.process.problem != "")

    assert problem in running.process.problem

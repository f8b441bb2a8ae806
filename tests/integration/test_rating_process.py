"""The process that rates: as its model does, again when it dies, as long as its worker; it leaks nothing."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from models.sentiment.asking import FAILED, NUMBER, Texts
from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import OwnWords
from streams.rating.child import Child
from streams.rating.process import RatingProcess
from streams.rating.rating import Rating
from streams.rating.silence import RATING_SECONDS, Silence
from streams.rating.trial import tried
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

    def __init__(self, environment: dict[str, str], errors: Path, silent: int) -> None:
        self.processes: list[Child] = []
        self._environment = {**os.environ, **environment}
        self._errors = errors
        self.rating = Rating(lambda: time.time_ns() // 1000)
        self.process = RatingProcess(self.rating, self._start, lambda: Silence(silent))
        self.task = asyncio.create_task(self.process.run())

    async def _start(self) -> Child:
        with self._errors.open("ab") as errors:
            started = await Child.start(stderr=errors, env=self._environment)
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
    async def running(*models: str, silent: int = RATING_SECONDS) -> AsyncIterator[Running]:
        own = Running({"PYTHONPATH": install(tmp_path, *models)}, tmp_path / "errors", silent)
        try:
            yield own
        finally:
            own.task.cancel()
            await asyncio.gather(own.task, return_exceptions=True)
        assert all(process.has_exited for process in own.processes)

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
        os.kill(running.processes[0].pid, signal.SIGSTOP)
        asked = [running.ask("lovely", "awful") for _ in range(50)]
        os.kill(running.processes[0].pid, signal.SIGKILL)

        answers = await asyncio.wait_for(asyncio.gather(*asked), PATIENCE_SECONDS)

    assert {tuple(verdicts) for verdicts, _ in answers} == {(0, 2)}
    assert running.process.starts == 2


async def test_one_that_hangs_is_killed_and_what_was_asked_is_answered_by_another(begin: Begin) -> None:
    async with begin(silent=2) as running:
        await running.until(lambda: running.rating.model != "")
        os.kill(running.processes[0].pid, signal.SIGSTOP)

        assert (await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS))[0] == [0]
        assert [process.has_exited for process in running.processes] == [True, False]


async def test_one_that_is_asked_nothing_may_be_silent_for_ever(begin: Begin) -> None:
    async with begin(silent=2) as running:
        await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS)
        await asyncio.sleep(4)

        assert len(running.processes) == 1


async def test_a_model_that_never_returns_costs_the_ratings_of_what_was_asked_and_no_more(
    begin: Begin,
) -> None:
    async with begin("Hanging", silent=2) as running:
        assert await asyncio.wait_for(running.ask("hang"), PATIENCE_SECONDS) == ([FAILED], "")
        assert await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS) == ([0], "hanging-1")


async def test_a_process_that_its_model_leaves_behind_holds_nothing_up(begin: Begin) -> None:
    async with begin("Forking") as running:
        first = await asyncio.wait_for(running.ask("die"), PATIENCE_SECONDS)
        second = await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS)

    assert (first, second) == (([FAILED], ""), ([0], "forking-1"))
    assert not any(in_group(process.pid) for process in running.processes)


def in_group(number: int) -> list[str]:
    """List the processes of a group that have not ended."""
    listed = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
    return [state for state, _, group, *_ in listed if int(group) == number and state != "Z"]


@pytest.mark.parametrize("text", ["exit", "nonsense", "none", "cancelled"])
async def test_a_model_that_answers_wrongly_costs_the_rating_of_the_text(begin: Begin, text: str) -> None:
    async with begin("Wrong") as running:
        told = await asyncio.wait_for(running.ask("lovely", text, "lovely"), PATIENCE_SECONDS)

    assert told == ([0, FAILED, 0], "wrong-1")
    assert len(running.processes) == 1


async def test_a_model_cannot_read_or_write_what_the_worker_and_its_process_say(begin: Begin) -> None:
    async with begin("Meddling") as running:
        told = await asyncio.wait_for(running.ask("lovely", "awful"), PATIENCE_SECONDS)

    assert told == ([0, 0], "meddling-1")
    assert len(running.processes) == 1


async def test_it_goes_first_where_memory_is_short(begin: Begin) -> None:
    async with begin() as running:
        await running.until(lambda: running.rating.model != "")

        assert Path(f"/proc/{running.processes[0].pid}/oom_score_adj").read_text() == "1000\n"


async def test_it_starts_wherever_its_worker_stands(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "models.py").write_text("raise SystemExit")
    monkeypatch.chdir(elsewhere)

    async with begin() as running:
        assert (await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS))[0] == [0]


async def test_a_stop_that_is_meant_for_the_worker_does_not_end_it(begin: Begin) -> None:
    async with begin() as running:
        await running.until(lambda: running.rating.model != "")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(running.processes[0].pid, number)

        assert await asyncio.wait_for(running.ask("lovely"), PATIENCE_SECONDS) == ([0], running.rating.model)
        assert len(running.processes) == 1


@pytest.mark.parametrize("hangs", [False, True])
async def test_it_ends_with_its_worker_however_that_ends(hangs: bool) -> None:
    with interruptible():
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", _ORPHAN, stdout=PIPE, cwd=ROOT)
    assert worker.stdout is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await worker.stdout.readline()
        (child,) = children(worker.pid)
        if hangs:
            os.kill(child, signal.SIGSTOP)
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
    ("models", "problem"),
    [
        (("fail",), "OSError: no weights"),
        (("make", "Slow"), "Several packages"),
        (("leave",), "SystemExit: 7"),
        (("die",), "ended (exit code 7), and never could"),
        (("Unnamed",), "ZeroDivisionError"),
    ],
)
async def test_a_model_that_cannot_be_used_is_told_with_why(
    begin: Begin, models: tuple[str, ...], problem: str
) -> None:
    async with begin(*models) as running:
        await running.until(lambda: running.process.problem != "")

    assert problem in running.process.problem


@pytest.mark.parametrize(
    ("made", "model", "problem"), [("make", "optimist-1", ""), ("die", "", "ended before")]
)
async def test_whoever_wants_to_know_is_told_what_a_worker_would_rate_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str, model: str, problem: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", install(tmp_path, made))

    found = await asyncio.wait_for(tried(), PATIENCE_SECONDS)

    assert found.model == model
    assert problem in found.problem

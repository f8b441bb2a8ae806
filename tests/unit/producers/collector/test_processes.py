"""Processes that share an address: one that ends is started again, and all end in order."""

import asyncio
import errno
import os
from collections.abc import Sequence
from typing import Any, cast

import pytest

from producers.collector import processes
from producers.collector.processes import Supervised, supervise


class Process:
    """A process that ends with a code, at once, or when it is told; stubborn ones only when killed."""

    def __init__(self, code: int | None, *, stubborn: bool = False) -> None:
        self.returncode: int | None = None
        self.acts: list[str] = []
        self._stubborn = stubborn
        self._ended = asyncio.Event()
        if code is not None:
            self._end(code)

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def terminate(self) -> None:
        self.acts.append("terminate")
        if not self._stubborn:
            self._end(0)

    def kill(self) -> None:
        self.acts.append("kill")
        self._end(-9)

    def _end(self, code: int) -> None:
        self.returncode = code
        self._ended.set()


class Scene:
    """Starts what it is given, by slot; the last of a slot is started again and again."""

    def __init__(self, *slots: Sequence[int | OSError | None], stubborn: bool = False) -> None:
        self.started: list[tuple[int, Process]] = []
        self.said: list[str] = []
        self.told = asyncio.Event()
        self._left = [list(codes) for codes in slots]
        self._stubborn = stubborn

    async def start(self, slot: int) -> Any:
        codes = self._left[slot]
        code = codes.pop(0) if len(codes) > 1 else codes[0]
        if isinstance(code, OSError):
            raise code
        process = Process(code, stubborn=self._stubborn)
        self.started.append((slot, process))
        return cast(Any, process)

    async def run(self, hopeless: frozenset[int] = frozenset()) -> int:
        return await supervise(len(self._left), Supervised(self.start, self.said.append, hopeless), self.told)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(processes, "_END_SECONDS", 0.0)


async def until(scene: Scene, started: int) -> None:
    async with asyncio.timeout(5):
        while len(scene.started) < started:
            await asyncio.sleep(0)


async def test_one_that_ends_is_started_again_in_its_slot_and_others_go_on() -> None:
    scene = Scene([None], [-9, 1, None])
    running = asyncio.create_task(scene.run())
    await until(scene, 4)
    scene.told.set()

    assert await running == 0
    assert [slot for slot, _ in scene.started] == [0, 1, 1, 1]
    assert [line.partition(";")[0] for line in scene.said] == [
        "process 1 ended (signal 9)",
        "process 1 ended (exit code 1)",
    ]


async def test_one_that_cannot_be_started_now_is_tried_again_and_others_go_on() -> None:
    scene = Scene([None], [-9, OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), None])
    running = asyncio.create_task(scene.run())
    await until(scene, 3)
    scene.told.set()

    assert await running == 0
    assert scene.started[0][1].acts == ["terminate"]
    assert scene.said[1] == (
        "process 1 could not be started (Cannot allocate memory); it is started again in 0 s"
    )


async def test_it_waits_longer_each_time_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_FIRST_PAUSE", 0.5)
    paused: list[float] = []

    async def pause(told: asyncio.Event, seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == 9:
            told.set()

    monkeypatch.setattr(processes, "_told_within", pause)

    await Scene([1]).run()

    assert paused == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


async def test_all_are_told_to_end_and_killed_if_they_do_not() -> None:
    scene = Scene([None], [None], stubborn=True)
    running = asyncio.create_task(scene.run())
    await until(scene, 2)
    scene.told.set()

    assert await running == 0
    assert [process.acts for _, process in scene.started] == [["terminate", "kill"]] * 2


async def test_one_that_cannot_start_ends_all_with_its_code() -> None:
    scene = Scene([None], [2])

    assert await scene.run(hopeless=frozenset((1, 2))) == 2
    assert scene.started[0][1].acts == ["terminate"]
    assert scene.said == []

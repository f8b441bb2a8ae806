"""How the worker's process ends."""

import asyncio
from typing import Any

import pytest

from commands import worker
from models.settings import Settings


class Stopped(BaseException):
    """The process has ended itself."""


class Nothing:
    """Plays what is opened and closed."""

    def routes(self) -> None: ...

    async def cleanup(self) -> None: ...

    async def aclose(self) -> None: ...


class Cancelled:
    """A worker that ends as if it was cancelled."""

    worker = None

    def pipeline(self) -> None: ...

    def readiness(self) -> None: ...

    async def run(self) -> None:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    async def answer(self) -> None:
        await asyncio.Event().wait()


async def test_a_worker_that_was_cancelled_by_no_signal_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def serve(*_: object) -> Nothing:
        return Nothing()

    def fail_stop(reason: str) -> Any:
        raise Stopped(reason)

    async def compiled(_: object) -> None: ...

    played = {
        "connect": lambda _: Nothing(),
        "RegistryWatch": lambda *_: None,
        "GenerationWorker": lambda *_: Cancelled(),
        "Views": lambda *_: Nothing(),
        "serve": serve,
        "_compile": compiled,
        "_fail_stop": fail_stop,
    }
    for name, part in played.items():
        monkeypatch.setattr(worker, name, part)
    with pytest.raises(Stopped, match="by no signal"):
        await worker._run(Settings(), None)

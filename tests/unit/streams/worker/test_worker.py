"""The worker's watch over its parts: whatever ends unasked ends the worker."""

import asyncio
import math
import re
from types import SimpleNamespace
from typing import Any

import pytest

from models.campaigns.registry import Registry
from models.settings import Settings
from streams.worker.deadlines import Deadlines
from streams.worker.wiring import wire
from streams.worker.worker import Worker
from tests.unit.streams.cluster import Stopped


def fail_stop(reason: str) -> Any:
    raise Stopped(reason)


def worker() -> Worker:
    watch: Any = SimpleNamespace(loaded_at=None)
    compiled = asyncio.get_running_loop().create_future()
    return Worker(Settings(), watch, lambda: 0, fail_stop, Deadlines(fail_stop), compiled)


def app(crashed: bool = False, coordinates: bool = True) -> Any:
    return SimpleNamespace(crashed=crashed, crash_reason=ValueError("why"), coordinates=coordinates)


async def ended(task: "asyncio.Task[None]") -> "asyncio.Task[None]":
    await asyncio.wait([task])
    return task


async def fine() -> None: ...


async def failing() -> None:
    raise ValueError("why")


async def hanging() -> None:
    await asyncio.Event().wait()


async def test_while_all_parts_run_nothing_is_said() -> None:
    task = asyncio.create_task(hanging())
    worker()._require_health(app(), [task])
    task.cancel()


async def test_a_crashed_app_stops_the_worker() -> None:
    with pytest.raises(Stopped, match=r"app crashed: ValueError\('why'\)"):
        worker()._require_health(app(crashed=True), [])


async def test_a_worker_that_would_hear_of_no_rebalance_stops() -> None:
    with pytest.raises(Stopped, match="hear of no rebalance"):
        worker()._require_health(app(coordinates=False), [])


async def test_an_app_that_could_not_start_stops_the_worker() -> None:
    task = await ended(asyncio.create_task(failing()))

    with pytest.raises(Stopped, match=r"could not be started: ValueError\('why'\)"):
        worker()._require_started(task)


async def test_a_part_that_failed_stops_the_worker() -> None:
    task = await ended(asyncio.create_task(failing()))

    with pytest.raises(Stopped, match=r"background task ended.*ValueError\('why'\)"):
        worker()._require_health(app(), [task])


async def test_a_part_that_was_cancelled_by_others_stops_the_worker() -> None:
    task = asyncio.create_task(hanging())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(Stopped, match=r"background task ended.*cancelled"):
        worker()._require_health(app(), [await ended(task)])


async def test_a_part_that_just_ended_stops_the_worker() -> None:
    with pytest.raises(Stopped, match="background task ended"):
        worker()._require_health(app(), [await ended(asyncio.create_task(fine()))])


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (fine, []),
        (failing, ["Faust did not stop in order: .*ValueError"]),
        (hanging, ["the consumer group was not left in order"]),
    ],
)
async def test_an_end_that_faust_holds_up_or_fails_at_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, stop: Any, said: list[str]
) -> None:
    async def release(*, member: bool) -> None:
        assert member

    monkeypatch.setattr("streams.worker.worker._LEAVE_SECONDS", 0.01)
    parts: Any = SimpleNamespace(app=SimpleNamespace(stop=stop), manager=SimpleNamespace(release=release))
    made = worker()
    await made._stop(parts, [])

    assert made.stopped_in_order == (not said)
    assert all(re.search(words, line) for words, line in zip(said, caplog.messages, strict=True))


async def test_before_it_runs_it_is_not_ready_and_says_why() -> None:
    made = worker()

    assert (made.readiness().ready, made.readiness().reason) == (False, "starting")
    pipeline = made.pipeline()
    assert (pipeline.ledger, pipeline.lag, pipeline.partitions) == (None, {}, {"live": 0, "recovering": 0})


async def test_between_a_release_and_the_next_restore_it_is_not_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = worker()
    made._waiting = ""
    made._parts = parts = wire(Settings(), Registry(), 1, lambda: 0, fail_stop)
    monkeypatch.setattr(parts.app, "has_unread_partitions", lambda: False)
    parts.manager.assignment.restore({})
    assert made.readiness().reason.startswith("the consumer group was not heard of for a session")

    monkeypatch.setattr(parts.manager._lease, "monotonic", lambda: 0.0)
    monkeypatch.setattr(parts.manager._lease, "_from", 1.0)
    assert made.readiness().reason == "waiting until a former worker of this name can show nothing any more"

    monkeypatch.setattr(parts.manager._lease, "_from", 0.0)
    monkeypatch.setattr(parts.manager._lease, "_until", math.inf)
    assert made.readiness().reason == "ready: standing by: other workers hold every partition"

    parts.manager.assignment.end()
    assert made.readiness().reason == "waiting for partitions and their stored state"
    assert made.pipeline().ledger is None


async def test_a_worker_that_halts_and_cannot_give_up_its_partitions_ends() -> None:
    async def release(*, member: bool) -> None:
        await asyncio.Event().wait()

    made, parts = worker(), SimpleNamespace(manager=SimpleNamespace(release=release))
    stopping = asyncio.create_task(made._stop(parts, []))  # type: ignore[arg-type]  # plays the parts
    await asyncio.sleep(0)
    made._deadlines.look(59)
    with pytest.raises(Stopped, match="Giving up the partitions took more than 60 s"):
        made._deadlines.look(1)
    stopping.cancel()

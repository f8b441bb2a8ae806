"""Each stage between a join and its state has a limit, and none where a worker waits with good reason."""

from collections.abc import Hashable

import pytest

from streams.worker.deadlines import Deadlines
from streams.worker.stages import (
    JOINING,
    JOINING_SECONDS,
    RESTORING,
    RESTORING_SECONDS,
    STARTING,
    Stages,
    stage_of,
)
from tests.unit.streams.shard.stage import restored


@pytest.mark.parametrize(
    ("joined", "explained", "restored", "started", "stage"),
    [
        (False, False, False, False, JOINING),
        (False, False, True, True, JOINING),
        (False, True, False, False, ""),
        (False, True, True, True, ""),
        (True, False, False, False, RESTORING),
        (True, False, False, True, RESTORING),
        (True, False, True, False, STARTING),
        (True, False, True, True, ""),
    ],
)
def test_the_stage_is_the_first_that_is_not_reached(
    joined: bool, explained: bool, restored: bool, started: bool, stage: str
) -> None:
    assert stage_of(joined=joined, explained=explained, restored=restored, started=started) == stage


class Scene:
    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.deadlines = Deadlines(self.reasons.append)
        self.stages = Stages(self.deadlines)

    def stay(self, stage: str, seconds: float, reached: Hashable = None) -> list[str]:
        for _ in range(int(seconds)):
            self.stages.follow(stage, reached)
            self.deadlines.look(1)
        return self.reasons


def test_a_stage_that_lasts_too_long_stops_the_worker() -> None:
    assert Scene().stay(JOINING, JOINING_SECONDS) == ["Joining the consumer group took more than 180 s."]


def test_each_stage_has_its_own_time() -> None:
    scene = Scene()
    for stage in (JOINING, RESTORING, "", JOINING):
        assert scene.stay(stage, JOINING_SECONDS - 1) == []


def test_a_standby_and_a_worker_that_runs_may_last_for_ever() -> None:
    assert Scene().stay("", 1_000) == []


def test_restoring_may_last_as_long_as_it_comes_further() -> None:
    scene = Scene()
    for reached in range(5):
        assert scene.stay(RESTORING, RESTORING_SECONDS - 1, reached) == []

    assert scene.stay(RESTORING, RESTORING_SECONDS, 5)


def test_a_worker_that_ends_has_no_stage() -> None:
    scene = Scene()
    scene.stay(JOINING, JOINING_SECONDS - 1)
    scene.stages.stop()
    scene.deadlines.look(100)

    assert scene.reasons == []


async def test_a_state_that_is_being_replayed_comes_further() -> None:
    stage = await restored()
    stage.read(2)
    await stage.manager.flush()
    again = stage.restarted()
    before = again.manager.replayed
    await again.join({0})

    assert again.manager.replayed > before

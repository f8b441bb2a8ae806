"""Waits that are over their limit stop the worker, and are told of before."""

import logging

import pytest

from streams.worker.deadlines import Deadlines


class Scene:
    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.deadlines = Deadlines(self.reasons.append)

    def pass_by(self, seconds: int) -> None:
        """Look every second."""
        for _ in range(seconds):
            self.deadlines.look(1)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_wait_that_is_over_its_limit_stops_the_worker(scene: Scene) -> None:
    scene.deadlines.begin("the worker's end", 30)
    scene.pass_by(29)
    assert scene.reasons == []

    scene.pass_by(1)
    assert scene.reasons == ["The worker's end took more than 30 s."]


def test_a_wait_that_ended_stops_nothing(scene: Scene) -> None:
    with scene.deadlines.within("joining", 5):
        scene.pass_by(4)
    scene.pass_by(10)

    assert scene.reasons == []


def test_a_wait_that_comes_further_has_its_whole_time_again(scene: Scene) -> None:
    scene.deadlines.begin("restoring", 5)
    for _ in range(4):
        scene.pass_by(4)
        scene.deadlines.renew("restoring")
    assert (scene.reasons, scene.deadlines.late) == ([], "")

    scene.deadlines.renew("what nobody waits for")
    scene.pass_by(5)
    assert scene.reasons == ["Restoring took more than 5 s."]


def test_what_was_begun_is_not_given_more_time_by_beginning_it_again(scene: Scene) -> None:
    """A second SIGTERM, for example."""
    scene.deadlines.begin("the end", 30)
    scene.pass_by(20)
    scene.deadlines.begin("the end", 30)
    scene.pass_by(10)

    assert scene.reasons == ["The end took more than 30 s."]


def test_a_wait_is_told_of_halfway_once(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    scene.deadlines.begin("joining", 10)
    scene.pass_by(4)
    assert scene.deadlines.late == ""

    scene.pass_by(3)
    assert scene.deadlines.late == "joining has taken 7 s; after 10 s the worker stops itself"
    assert scene.reasons == []

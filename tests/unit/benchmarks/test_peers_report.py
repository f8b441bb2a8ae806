"""What the comparison says of itself."""

import argparse

from benchmarks.peers.engines import IN_PYTHON
from benchmarks.peers.report import report
from benchmarks.peers.run import Run

ASKED = argparse.Namespace(events=1000, slow_events=10)


def run(foreign: float) -> Run:
    return Run(1000, 1.0, 0.5, foreign, foreign / 2, 50.0)


def said(foreign: float) -> str:
    return report([run(foreign)], {engine: [run(foreign)] for engine in IN_PYTHON}, ASKED, "A machine")


def test_a_busy_machine_is_named() -> None:
    assert "The machine was busy" in said(0.3)
    assert "The machine was busy" not in said(0.02)
    assert "other work took 0.02 cores of the machine, 0.01 of the engine's own" in said(0.02)


def test_every_engine_has_its_version_and_what_it_does_not_do() -> None:
    for engine in IN_PYTHON:
        assert f"| {engine.name} | {engine.version()} | {engine.guarantee} | {engine.lacks} |" in said(0.0)


def test_engines_with_less_of_the_work_are_named() -> None:
    assert "1 rounds in turns of 1,000 records (10 for Quix Streams and naive Faust)" in said(0.0)


def test_nothing_that_came_to_an_end_is_said() -> None:
    assert "No run came to its end." in report([None], {}, ASKED, "A machine")

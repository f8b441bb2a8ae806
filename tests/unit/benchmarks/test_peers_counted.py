"""What an engine counted, against the truth."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.peers.counted import Counted, differences, read_counted

TRUTH = Counted(Counter({("a", "click"): 3, ("b", "click"): 1}), 2, 1, {"a": 100.0})


def test_the_same_counts_do_not_differ() -> None:
    assert differences(TRUTH, TRUTH) == []


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (Counted(TRUTH.events, 0, 1), "duplicates: 0 instead of 2"),
        (Counted(TRUTH.events, 2, 0), "invalid records: 0 instead of 1"),
        (
            Counted(Counter({("a", "click"): 4, ("c", "click"): 1}), 2, 1),
            "3 counts by campaign and kind are off, by 3 events in all",
        ),
        (Counted(TRUTH.events, 2, 1, {"a": 80.0}), "people of 1 campaigns are off by more than 6%"),
    ],
)
def test_what_differs_is_named(counted: Counted, said: str) -> None:
    assert differences(TRUTH, counted) == [said]


@pytest.mark.parametrize("people", [{}, {"a": 98.0}])
def test_people_may_be_left_out_or_estimated(people: dict[str, float]) -> None:
    assert differences(TRUTH, Counted(TRUTH.events, 2, 1, people)) == []


def test_the_minutes_of_what_an_engine_wrote_are_added_up(tmp_path: Path) -> None:
    written = {
        "cells": {"a|click|1": 2, "a|click|2": 1, "b|click|1": 1},
        "duplicates": 2,
        "invalid": 1,
        "people": {"a": 100.0},
    }
    (tmp_path / "result").write_text(json.dumps(written))

    assert read_counted(tmp_path / "result") == TRUTH
    assert TRUTH.records() == 7

"""The points and rows of the curves."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.curves.curve import aimed, options, rows, sizes
from benchmarks.curves.leaves import shape_of
from benchmarks.peers.run import Run
from benchmarks.peers.work import Shape, Work
from benchmarks.runs import within
from benchmarks.turns import turns
from connections.topics import partition_of

NOW = datetime(2026, 11, 10, 13, tzinfo=UTC)


@pytest.mark.parametrize("leaves", [100, 2_000, 10_000, 100_000, 500_000, 1_000_000])
def test_a_shape_has_as_many_leaves_as_asked_for(leaves: int) -> None:
    assert shape_of(leaves).leaves == leaves


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_so_many_records_are_on_another_partition(share: float) -> None:
    sent = list(Work(4_000, 4, NOW, Shape(misrouted=share)))

    away = Counter((one.partition - partition_of(one.key, 4)) % 4 for one in sent)
    assert 1 - away[0] / len(sent) == pytest.approx(share, abs=0.03)
    assert [away[by] / len(sent) for by in (1, 2, 3)] == [pytest.approx(share / 3, abs=0.03)] * 3


def test_orders_may_be_few() -> None:
    sent = [one.value for one in Work(20_000, 4, NOW, Shape(orders=3)) if one.topic == "conversions"]

    assert (
        len({value.split(b'"order_id":"')[1].split(b'"')[0] for value in sent if b"order_id" in value}) == 3
    )


def test_a_row_compares_each_round_with_the_same_round_of_another() -> None:
    def run(cpu: float, rate: float) -> Run:
        return Run(1000, 1000 / rate, cpu / 1000, 0.0, 0.0, 50.0)

    runs: dict[str, list[Run | None]] = {"few": [run(4, 100), run(2, 200)], "many": [run(8, 50), None]}

    assert rows(runs, "few", lambda name, done: [name, str(len(done))]) == [
        ["few", "1", "1", "3.00", "few", "2"],
        ["many", "2", "0.5", "8.00", "many", "1"],
    ]


def test_points_are_numbers_by_comma() -> None:
    parser = options("leaves", "says", (2_000, 100), events=10)

    assert sizes(parser.parse_args([])) == [2_000, 100]
    assert sizes(parser.parse_args(["--sizes", "5,7"])) == [5, 7]


def test_each_round_begins_with_another_point() -> None:
    assert list(turns(2, ["a", "b"])) == [(0, "a"), (0, "b"), (1, "b"), (1, "a")]


def test_a_share_is_within_a_part_of_its_bucket() -> None:
    buckets = {0.1: 40.0, 0.5: 90.0, float("inf"): 100.0}

    assert within(buckets, 0.4) == pytest.approx(0.1)
    assert within(buckets, 0.5) == pytest.approx(0.1 + 0.4 / 5)
    assert within(buckets, 0.9) == pytest.approx(0.5)
    assert within(buckets, 0.99) == float("inf")


def test_what_was_aimed_at_is_met_or_not_by_the_middle_of_what_was_seen() -> None:
    assert aimed("cost", [1.0, 1.4, 9.0], at_most=1.5) == "cost: 1.40; aim: at most 1.50, met"
    assert aimed("rate", [1.0, 1.7], at_least=1.8) == "rate: 1.35; aim: at least 1.80, not met"
    assert aimed("rate", [], at_least=1.8) == "rate: not measured; aim: at least 1.80"


def test_times_run_through_as_much_as_asked_for() -> None:
    sent = list(Work(2_000, 4, NOW, Shape(span=timedelta(hours=5), invalid=0)))

    first, last = (json.loads(sent[at].value)["event_time"] for at in (0, -1))
    assert (first[:13], last[:15]) == ("2026-11-10T07", "2026-11-10T12:5")

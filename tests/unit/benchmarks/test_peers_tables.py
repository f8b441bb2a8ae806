"""Ratios of runs, and how they are written."""

from benchmarks.peers.run import Run, run_between
from benchmarks.peers.tables import by_cpu, by_rate, comparison, markdown, ratios, shown, spread, verdict
from benchmarks.processes import Snapshot


def run(rate: float, cpu: float, *wrong: str) -> Run:
    """Make a run of a thousand records."""
    return Run(1000, 1000 / rate, cpu * 1e-3, 0.1, 0.0, 50.0, wrong)


def test_a_run_is_what_changed_between_two_looks() -> None:
    begun = Snapshot(at=10.0, machine=100.0, core=50.0, ours=30.0, engine=20.0)
    done = Snapshot(at=12.0, machine=103.5, core=51.9, ours=32.5, engine=21.5, megabytes=80.0)

    found = run_between(begun, done, 1_000_000, [])

    assert (found.wall, found.cpu, found.rate, found.cpu_of_event) == (2.0, 1.5, 500_000, 1.5)
    assert found.megabytes == 80.0
    assert round(found.foreign, 6) == 0.5
    assert round(found.foreign_on_core, 6) == 0.2


def test_foreign_work_is_never_negative() -> None:
    begun = Snapshot(0.0, 0.0, 0.0, 0.0, 0.0)

    found = run_between(begun, Snapshot(1.0, 0.9, 0.9, 1.0, 1.0), 1, [])

    assert (found.foreign, found.foreign_on_core) == (0.0, 0.0)


def test_ratios_are_made_round_by_round() -> None:
    ours, theirs = [run(200, 5), run(100, 6)], [run(50, 10), run(100, 10)]

    assert ratios(ours, theirs, by_rate) == (1.0, 2.5, 4.0)
    assert ratios(ours, theirs, by_cpu) == (0.5, 0.55, 0.6)


def test_a_round_that_failed_has_no_ratio() -> None:
    assert ratios([run(200, 5), None], [run(50, 10), run(1, 1)], by_rate) == (4.0, 4.0, 4.0)
    assert ratios([None], [run(50, 10)], by_rate) is None


def test_the_range_is_shown_where_there_is_one() -> None:
    assert shown(spread([1.0, 4.0, 2.0])) == "2 (1–4)"
    assert shown(spread([1.25])) == "1.25"
    assert shown(None) == "–"


def test_a_row_has_ratios_before_figures_and_a_verdict() -> None:
    rows = comparison([run(200, 5)], {"other": [run(50, 10, "duplicates: 1 instead of 2")]})

    assert rows == [
        ["this service", "1", "1", "0.2", "5", "50", "0.10", "yes"],
        ["other", "4", "0.5", "0.05", "10", "50", "0.10", "duplicates: 1 instead of 2"],
    ]


def test_an_engine_that_always_failed_has_a_row() -> None:
    assert comparison([run(200, 5)], {"other": [None]})[1] == [
        "other", "–", "–", "–", "–", "–", "–", "failed in 1 of 1 rounds"
    ]  # fmt: skip


def test_a_verdict_has_each_fault_once() -> None:
    assert verdict([run(1, 1, "b"), run(1, 1, "b", "a"), None]) == "failed in 1 of 3 rounds; a; b"


def test_a_table_is_markdown() -> None:
    assert markdown(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"

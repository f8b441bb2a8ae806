"""What the soak looks at, and whether it stays flat."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from benchmarks.runs import Committed, Worker
from benchmarks.stage import Stage

_FLAT = 1.1
"""How many times its level a figure may reach and still be called flat: what a day differs from another."""
_COMMITS = 4  # so many are waited for


class Look(NamedTuple):
    """One look at a running worker."""

    minutes: float
    records: float
    """Durable so far."""
    megabytes: float
    handles: float
    series: float
    journal: float
    """Megabytes at the broker."""
    lag: float
    """Records."""
    between_commits: float
    """Seconds."""


class Column(NamedTuple):
    """How a figure is shown, and whether it is judged."""

    title: str
    form: Callable[[float], str]
    judged: bool = True


COLUMNS = (
    Column("minute", "{:.1f}".format, judged=False),
    Column("records", "{:,.0f}".format, judged=False),
    Column("MB", "{:.0f}".format),
    Column("handles", "{:.0f}".format),
    Column("series", "{:.0f}".format),
    Column("MB of journal", "{:.1f}".format),
    Column("records behind", "{:.0f}".format, judged=False),
    Column("s between commits", "{:.2f}".format),
)


def look(worker: Worker, committed: Committed, stage: Stage, group: str, seconds: float) -> Look:
    """Look at a worker now; takes some seconds, for it waits for commits. What was not seen is NaN."""
    between = _between_commits(committed)
    samples = worker.samples()  # None where the page took longer than one waits for it.
    lag = sum(one.value for one in samples if one.name == "kpi_pipeline_consumer_lag_records")
    return Look(
        seconds / 60,
        committed.records(),
        worker.megabytes(),
        worker.handles(),
        len(samples) or math.nan,
        journal_bytes(stage, group) / 1e6,
        lag if samples else math.nan,
        between,
    )


def journal_bytes(stage: Stage, group: str) -> int:
    """Add up the segments that the broker holds of a group's state."""
    segments = (stage.folder / "kafka" / "log").glob(f"{group}-tallies-changelog-*/*.log")
    return sum(path.stat().st_size for path in segments)


def _between_commits(committed: Committed) -> float:
    times: list[float] = []
    last, ends = committed.records(), time.monotonic() + 5 * _COMMITS
    while len(times) <= _COMMITS and time.monotonic() < ends:
        time.sleep(0.01)
        if (now := committed.records()) != last:
            last = now
            times.append(time.monotonic())
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return statistics.median(gaps) if gaps else math.nan


def head() -> list[str]:
    """Return the titles of the columns."""
    return [column.title for column in COLUMNS]


def row(one: Look) -> list[str]:
    """Write a look."""
    return [
        "–" if math.isnan(value) else column.form(value) for column, value in zip(COLUMNS, one, strict=True)
    ]


def verdicts(looks: Sequence[Look], days: float) -> list[str]:
    """Say of each figure whether the last day's mean is that of the day at a third of the time."""
    return [
        verdict(column, [one[at] for one in looks], days)
        for at, column in enumerate(COLUMNS)
        if column.judged
    ]


def verdict(column: Column, values: Sequence[float], days: float) -> str:
    """Judge one figure, of looks that are evenly spread over so many days."""
    of_a_day = max(1, round(len(values) / days))
    parts = values[len(values) // 3 :][:of_a_day], values[-of_a_day:]
    seen = [[value for value in part if not math.isnan(value)] for part in parts]
    if not all(seen):
        return f"{column.title}: not seen"
    level, end = map(statistics.fmean, seen)
    shown = f"{column.title}: {column.form(level)}, at the end {column.form(end)}"
    grown = end / level if level else 1.0
    return f"{shown}: flat" if grown <= _FLAT else f"{shown}: grew {grown:.2f} times"

"""Counts in columns: a window's total is the sum of the buckets that it holds."""

import itertools
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.core.columns import COLUMN, COLUMNS, TICK, Increments, aggregate
from models.state.counts import Counts
from models.state.leaves import Leaves
from models.tally import Tally
from models.times import DAY, HOUR, MINUTE, SECOND
from models.topics import EventType
from models.windows import FLIGHT, ROLLING, WindowName
from tests.unit.models.building import LEAF, NOON
from tests.unit.models.state.effects import Sent, gathered

Line = tuple[int, int, str, int]
"""Row, time, name of the column, amount."""

WATCHED = ("5m", "1h", "24h", "flight")


def counts_of_leaves() -> Counts:
    """Make the counts of a campaign that has a thousand leaves."""
    leaves = Leaves(1000)
    leaves.restore(LEAF._replace(content=f"reel-{number}") for number in range(1000))
    return Counts(leaves)


def increments(*lines: Line) -> Increments:
    """Add up lines."""
    columns = [
        [row for row, *_ in lines],
        [time // TICK for _, time, *_ in lines],
        [COLUMN[name] for *_, name, _ in lines],
        [amount for *_, amount in lines],
    ]
    return aggregate(*(np.array(column, dtype=np.int64) for column in columns))


def clicks(counts: Counts, row: int = 0) -> dict[str, int]:
    """Return the clicks of a leaf by window, where there are any."""
    found = {window: counts.tally(row, window).get("clicks", 0) for window in WATCHED}
    return {window: number for window, number in found.items() if number}


def test_an_event_is_in_each_window_that_holds_it() -> None:
    counts = counts_of_leaves()
    counts.expire(NOON)

    for age in (MINUTE, 30 * MINUTE, 5 * HOUR, 100 * HOUR):
        counts.add(increments((0, NOON - age, "clicks", 1)))

    assert clicks(counts) == {"flight": 4, "5m": 1, "1h": 2, "24h": 3}


def test_an_event_leaves_one_window_after_the_other() -> None:
    counts = counts_of_leaves()
    counts.add(increments((0, NOON, "clicks", 1)))

    seen = []
    for later in (0, 5 * MINUTE + 10 * SECOND, HOUR + MINUTE, 25 * HOUR):
        counts.expire(NOON + later)
        seen.append(set(clicks(counts)))

    assert seen == [{"flight", "5m", "1h", "24h"}, {"flight", "1h", "24h"}, {"flight", "24h"}, {"flight"}]


def counted(counts: Counts, row: int, window: WindowName) -> Tally:
    """Return the counts of a row but for their squares."""
    found = counts.tally(row, window)
    return {name: count for name, count in found.items() if not name.startswith("squares:")}


SENT = st.lists(
    st.tuples(
        st.sampled_from(["like", "comment", "video_view", None]),
        st.sampled_from([1, 1, 2, 65_536, 10**6]) | st.integers(1, 10**6),
        st.integers(0, 40).map(lambda number: NOON - number * 2 * MINUTE),
    )
)


@given(SENT, st.integers(1, 5))
def test_squares_are_exact_in_every_window(sent: list[tuple[str | None, int, int]], size: int) -> None:
    """Of clicks, where there is no kind, and of engagements, all of which are rated."""
    counts, later = counts_of_leaves(), NOON + HOUR
    for start in range(0, len(sent), size):
        for kind, count, time in sent[start : start + size]:
            event_type: EventType = "click" if kind is None else "engagement"
            counts.add(gathered(event_type, Sent(0, time, count, kind, kind and "neutral")))
    counts.expire(later)

    for window in ROLLING:
        held = [one for one in sent if one[2] // window.bucket >= window.first_bucket(later)]
        found = counts.tally(0, window.name)
        for name, chosen in (
            ("clicks", [count for kind, count, _ in held if kind is None]),
            ("interactions", [count for kind, count, _ in held if kind != "video_view"]),
            ("video_views", [count for kind, count, _ in held if kind == "video_view"]),
            ("rated", [count for kind, count, _ in held if kind is not None]),
        ):
            assert found.get(f"squares:{name}", 0) == sum(count * count for count in chosen)


def test_the_oldest_bucket_of_a_window_is_open_still() -> None:
    for window in ROLLING:
        counts = counts_of_leaves()
        counts.expire(NOON)
        edge = window.first_bucket(NOON) * window.bucket
        counts.add(increments((0, edge, "clicks", 1), (1, edge - 1, "clicks", 1)))

        assert counted(counts, 0, window.name) == {"clicks": 1}
        assert counted(counts, 1, window.name) == {}


def test_time_does_not_run_backwards() -> None:
    counts = counts_of_leaves()
    counts.expire(NOON + 2 * HOUR)
    counts.expire(NOON)

    counts.add(increments((0, NOON, "clicks", 1)))

    assert set(clicks(counts)) == {"24h", "flight"}


def test_columns_and_rows_are_apart() -> None:
    counts = counts_of_leaves()
    names = [name for name in COLUMNS if not name.startswith("excess:")]
    counts.add(increments(*((row, NOON, name, row + 1) for row in (0, 200) for name in names)))

    assert counted(counts, 0, FLIGHT) == dict.fromkeys(names, 1)
    assert counted(counts, 200, FLIGHT) == dict.fromkeys(names, 201)
    assert counts.tally(100, FLIGHT) == counts.tally(10_000, FLIGHT) == {}


def test_large_amounts_stay_exact() -> None:
    counts = counts_of_leaves()
    for _ in range(3):
        counts.add(increments((0, NOON, "impressions", 2**53 + 1)))

    assert counts.tally(0, FLIGHT)["impressions"] == 3 * (2**53 + 1)


lines = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(NOON - 2 * DAY, NOON + 5 * MINUTE),
        st.sampled_from(COLUMNS[:4]),
        st.integers(1, 10**6),
    )
)


@given(lines, st.lists(st.integers(0, 40)), st.lists(st.integers(0, 3 * HOUR), max_size=4))
def test_however_it_is_split_a_window_is_the_sum_of_what_it_holds(
    events: list[Line], splits: list[int], waits: list[int]
) -> None:
    counts, now = counts_of_leaves(), NOON
    counts.expire(now)
    edges = sorted({0, len(events), *(split for split in splits if split < len(events))})
    for start, end in itertools.pairwise(edges):
        if end > start:
            counts.add(increments(*events[start:end]))
    for wait in waits:
        now += wait
        counts.expire(now)

    for window in ROLLING:
        expected: Counter[tuple[int, str]] = Counter()
        for row, time, name, amount in events:
            if time // window.bucket >= window.first_bucket(now):
                expected[row, name] += amount
        found = {
            (row, name): amount
            for row in range(4)
            for name, amount in counted(counts, row, window.name).items()
        }
        assert found == expected


def test_a_bucket_of_many_small_batches_is_whole() -> None:
    counts = counts_of_leaves()
    for number in range(3000):
        counts.add(increments((number % 7, NOON, "clicks", 1), (number % 5, NOON, "impressions", 2)))
    assert counted(counts, 0, "5m") == {"clicks": 429, "impressions": 1200}

    counts.expire(NOON + DAY + HOUR)

    assert counts.tally(0, "24h") == {}
    assert counted(counts, 0, FLIGHT) == {"clicks": 429, "impressions": 1200}


def test_counts_stay_apart_as_rows_and_columns_come() -> None:
    counts = counts_of_leaves()
    counts.expire(NOON)
    names = [name for name in COLUMNS if not name.startswith("excess:")]
    for number, name in enumerate(names):
        counts.add(increments(*((row, NOON, name, row * 100 + number) for row in range(1, 200, number + 1))))

    for row in range(1, 200):
        expected = {
            name: row * 100 + number for number, name in enumerate(names) if (row - 1) % (number + 1) == 0
        }
        tally = counts.tally(row, "flight")
        assert {name: tally[name] for name in names if name in tally} == expected
    rows, columns = np.arange(200), np.zeros(200, np.int64)
    assert counts.sums("5m", rows, columns, 1)[0, COLUMN[names[1]]] == np.arange(1, 200, 2).sum() * 100 + len(
        range(1, 200, 2)
    )

"""The rhythm of the soak's days, and what it calls flat."""

import math

import pytest

from benchmarks.soak import expected
from benchmarks.soaking import COLUMNS, Column, Look, head, row, verdict, verdicts

DAY = 600.0
MEGABYTES = Column("MB", "{:.0f}".format)


def rate(seconds: float) -> float:
    return expected(seconds + 0.5, 1000, DAY) - expected(seconds - 0.5, 1000, DAY)


def test_nights_have_a_fifth_of_the_evenings_rate() -> None:
    assert rate(DAY) == pytest.approx(200, abs=1)
    assert rate(1.5 * DAY) == pytest.approx(1000, abs=1)
    assert expected(DAY, 1000, DAY) == pytest.approx(600 * DAY)


def test_a_figure_that_swings_with_the_days_is_flat() -> None:
    assert verdict(MEGABYTES, [100, 120, 110] * 6, days=6) == "MB: 110, at the end 110: flat"


def test_what_grows_after_the_first_third_is_said_to_grow() -> None:
    assert (
        verdict(MEGABYTES, [100, 100, 100, 150, 200, 250], days=6)
        == "MB: 100, at the end 250: grew 2.50 times"
    )


def test_what_grows_at_the_start_alone_is_flat() -> None:
    assert verdict(MEGABYTES, [10, 50, 100, 101, 102, 103], days=6).endswith("flat")


def test_nothing_at_first_and_at_the_end_is_flat() -> None:
    assert verdict(MEGABYTES, [0, 0, 0], days=3) == "MB: 0, at the end 0: flat"


def test_every_judged_column_has_a_verdict() -> None:
    looks = [Look(at, at * 1000, 100, 30, 5000, 12.5, 0, 1.2) for at in range(6)]

    said = verdicts(looks, days=3)

    assert [line.split(":")[0] for line in said] == [column.title for column in COLUMNS if column.judged]
    assert all(line.endswith("flat") for line in said)


def test_a_row_has_a_cell_for_each_title() -> None:
    assert dict(zip(head(), row(Look(1.5, 2000, 100.4, 30, 5000, 12.55, 0, 1.234)), strict=True)) == {
        "minute": "1.5",
        "records": "2,000",
        "MB": "100",
        "handles": "30",
        "series": "5000",
        "MB of journal": "12.6",
        "records behind": "0",
        "s between commits": "1.23",
    }


def test_what_was_not_seen_is_left_out_and_shown_as_such() -> None:
    assert (
        verdict(MEGABYTES, [100, 100, math.nan, 100, math.nan, 100], days=3)
        == "MB: 100, at the end 100: flat"
    )
    assert verdict(MEGABYTES, [100, 100, math.nan], days=3) == "MB: not seen"
    assert row(Look(1, 2, 3, 4, math.nan, 5, math.nan, 6))[4:7] == ["–", "5.0", "–"]

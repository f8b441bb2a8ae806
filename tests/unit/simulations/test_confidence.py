"""The rules hold on simulated traffic, and those before them did not: the short form of docs/confidence.md.

Limits leave three standard errors for chance beside what the page promises.
"""

import numpy as np
import pytest

from simulations import confidence, coverage, cpa_flights, rate_flights, silence
from simulations.cpa_flights import Outcome
from simulations.suspicious import PLANTED
from simulations.traffic import Night, Traffic

SEED = 3


@pytest.fixture(scope="module")
def rows() -> list[coverage.Row]:
    return list(coverage.rows(np.random.default_rng(SEED), 400))


@pytest.fixture(scope="module")
def real() -> Outcome:
    """Fly campaigns with day and night, days that differ, and a first post at any hour."""
    traffic = confidence.CPA["+ first post within 48 h"]
    return cpa_flights.outcome(np.random.default_rng(SEED), traffic, 20, 300)


def test_bounds_hold_nine_times_of_ten_in_clusters_too(rows: list[coverage.Row]) -> None:
    meant = [row for row in rows if "*" not in row.name]
    assert {row.name: row.now for row in meant if min(row.now) < 0.86} == {}


def test_bounds_of_independent_events_did_not(rows: list[coverage.Row]) -> None:
    clustered = [row for row in rows if "independent" not in row.name]

    assert len([row for row in clustered if min(row.before) < 0.86]) >= len(clustered) - 1


def test_of_fine_campaigns_few_ever_alarm(real: Outcome) -> None:
    assert real.fine.within(30) <= 0.03 + 3 * 0.01


def test_of_fine_campaigns_nearly_all_alarmed_once(real: Outcome) -> None:
    assert real.fine_before.within(30) > 0.8


def test_of_bad_campaigns_half_are_found_soon(real: Outcome) -> None:
    assert real.twice.within(confidence.SOON) >= 0.5 - 3 * 0.029
    assert real.worse.within(5) >= 0.5 - 3 * 0.029


def test_without_days_that_differ_the_bounds_for_always_hold_at_every_look() -> None:
    seen = cpa_flights.outcome(np.random.default_rng(SEED), Traffic("sine", again=0.3), 20, 100)

    assert seen.held >= 0.95
    assert seen.fine.within(30) <= 0.03


def test_roi_is_not_called_beyond_by_a_few_orders() -> None:
    seen = rate_flights.returns(np.random.default_rng(SEED), "ROI", 20, 0.4, 100)

    assert seen.fine <= 0.03 < seen.before


def test_accounts_that_bring_many_do_not_alarm_campaigns_that_are_authentic_enough() -> None:
    seen = rate_flights.authenticity(np.random.default_rng(SEED), "authenticity", 200, PLANTED, 0.25, 100)

    assert seen.fine <= 0.03 < seen.before
    assert np.median(seen.twice) <= 10


@pytest.mark.parametrize("name", confidence.TURNS)
def test_steady_campaigns_hardly_ever_turn_and_those_that_do_are_told_within_a_day(name: str) -> None:
    seen = confidence.TURNS[name](np.random.default_rng(SEED), "abrupt", 100)

    assert seen.fine <= 0.03
    assert seen.hours <= 60
    assert seen.before > 0.03


@pytest.mark.parametrize("night", ["sine", "abrupt"])
@pytest.mark.parametrize(("an_hour", "hours"), [(3, 20), (10, 8), (100, 4)])
def test_a_night_is_no_silence_and_a_stop_is_told_within_hours(
    night: Night, an_hour: float, hours: float
) -> None:
    seen = silence.heard(np.random.default_rng(SEED), night, an_hour, 40)

    assert seen.fine <= 0.03
    assert seen.hours <= hours
    assert seen.before > 0.03 or an_hour == 3


def test_the_page_has_a_place_for_every_table() -> None:
    page = confidence.PAGE.read_text("utf-8")

    assert all(f"<!-- {name} -->\n|" in page for name in confidence.TABLES)


def test_a_table_is_written_between_its_marks() -> None:
    page = "a\n<!-- cpa -->\nold\n<!-- /cpa -->\nb\n<!-- rates -->\nold\n<!-- /rates -->\n"

    assert confidence.written(page, "cpa", "| new |") == page.replace("old", "| new |", 1)

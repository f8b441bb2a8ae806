"""What is noted of rounds of scrapes, on pages worked out by hand."""

import pytest

from tests.system.faults.book import Book
from tests.system.support.naming import Key, Series, key
from tests.system.support.scrape import Reader, parse

TOTAL = "kpi_campaign_lifetime_clicks_total"


def page(campaign: str = "c", clicks: float = 5, windows: dict[str, float] | None = None) -> Series:
    """Write a page that shows a campaign, its counter, and its clicks in some windows."""
    gauges = {
        key("kpi_campaign_clicks", campaign=campaign, window=name): n for name, n in (windows or {}).items()
    }
    return {
        key("kpi_campaign_info", campaign=campaign): 1,
        key(TOTAL, campaign=campaign): clicks,
        key("kpi_pipeline_leaves", campaign=campaign): 1,
        **gauges,
    }


def book(*rounds: dict[str, Series]) -> Book:
    """Note rounds that are a second apart."""
    made = Book()
    for number, pages in enumerate(rounds):
        made.add(float(number), pages)
    return made


def test_a_series_on_two_pages_in_two_rounds_in_a_row_is_shown_twice() -> None:
    both = {"a": page(), "b": page()}

    noted = book(both, both)

    assert noted.twice.count == 2
    assert any(f'{TOTAL}{{campaign="c"}} is shown by a and b' in found for found in noted.twice.first)


@pytest.mark.parametrize("next_round", [{"b": page()}, {"b": page(), "x": page()}, {}])
def test_a_series_on_two_pages_for_one_round_is_momentary(next_round: dict[str, Series]) -> None:
    noted = book({"a": page(), "b": page()}, next_round, {"b": page()})

    assert noted.twice.count == 0
    assert noted.momentary >= 2


def test_different_campaigns_on_two_pages_are_not_shown_twice() -> None:
    both = {"a": page("c"), "b": page("d")}

    noted = book(both, both)

    assert (noted.twice.count, noted.momentary) == (0, 0)


def test_counts_of_a_campaign_that_is_revised_may_fall_but_for_its_counters() -> None:
    before, after = (page(clicks=clicks, windows={"flight": clicks}) for clicks in (9.0, 8.0))
    noted = Book(["c"])
    noted.add(0.0, {"a": before})
    noted.add(1.0, {"a": after})

    assert noted.dips.count == 1
    assert TOTAL in noted.dips.first[0]
    (too_high,) = noted.too_high({key(TOTAL, campaign="c"): (8.0, 8.0)})
    assert TOTAL in too_high


def test_a_count_that_falls_is_a_dip_whoever_shows_it_and_however_long_it_was_away() -> None:
    assert book({"a": page(clicks=5)}, {}, {}, {"b": page(clicks=4)}).dips.count == 1
    assert book({"a": page(windows={"flight": 9})}, {"a": page(windows={"flight": 8})}).dips.count == 1
    assert book({"a": page(clicks=5)}, {}, {"b": page(clicks=5)}).dips.count == 0
    assert book({"a": page(windows={"5m": 9.0})}, {"a": page(windows={"5m": 8.0})}).dips.count == 0


def test_a_counter_that_is_missing_beside_its_campaign_is_a_dip() -> None:
    bare = {key("kpi_campaign_info", campaign="c"): 1.0}

    assert book({"a": page()}, {"a": bare}).dips.first == [
        f'1.0 s, a: {TOTAL}{{campaign="c"}} is missing beside its campaign'
    ]


def test_a_count_that_was_once_above_the_final_truth_is_found() -> None:
    wanted = {key(TOTAL, campaign="c"): (5.0, 5.0)}

    assert len(book({"a": page(clicks=6)}, {"a": page(clicks=6)}).too_high(wanted)) == 1
    assert book({"a": page(clicks=5)}).too_high(wanted) == []
    assert book({"a": page(windows={"5m": 9.0})}).too_high(wanted) == []


def test_a_value_outside_its_bounds_is_found() -> None:
    labels = {"campaign": "c", "window": "1h"}
    outside = {
        key("kpi_campaign_ctr_ratio", **labels): 0.5,
        key("kpi_campaign_ctr_ratio_lower", **labels): 0.6,
    }

    assert book({"a": outside}).outside.count == 1


def named(page: Series) -> dict[Key, str]:
    """Write values out: NaN is not equal to itself."""
    return {key: str(float(value)) for key, value in page.items()}


def test_a_page_is_read_as_by_the_parser() -> None:
    text = (
        "# HELP kpi_a Some text.\n# TYPE kpi_a gauge\n"
        'kpi_a{campaign="a \\"b\\" c",topic="t.clicks",owner=""} 1.5e+06\n'
        'kpi_a{campaign="d } e",topic="t.clicks"} NaN\nkpi_b 3\n'
    )
    reader = Reader("t.")

    for _ in range(2):
        assert named(reader.read(text)) == named(parse(text, "t."))

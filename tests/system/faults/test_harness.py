"""What the fault tests compare by finds what is planted: a harness that finds nothing proves nothing."""

from tests.system.faults.board import off
from tests.system.faults.trial import MIX
from tests.system.faults.verdict import dead_letters, is_hard
from tests.system.support.checking import expected, judged, union
from tests.system.support.ledger import Ledger
from tests.system.support.naming import Series
from tests.system.support.oracle import pipeline, series
from tests.system.support.worked import NOW, Log

BOTH = ("c", "free")


def log() -> Log:
    """Return events of both campaigns, an order and its second report among them."""
    made = Log().add("impressions", person_id="p", consent=True).add("clicks", count=3)
    made.add("engagements", kind="like").add("impressions", campaign_id="free", ago=2 * 86_400)
    made.add("conversions", kind="purchase", order_id="o", revenue=9.5, currency="EUR")
    return made.add("conversions", kind="purchase", order_id="o", ago=120)


def without(number: int) -> Log:
    """Return the log as a worker would have it that lost one record."""
    fewer = log()
    del fewer.records[number]
    return fewer


def page(ledger: Ledger, campaigns: tuple[str, ...] = BOTH) -> Series:
    """Write the page of a worker that owns some campaigns; the pipeline's counters are with the first."""
    shown = {
        key: value for key, value in series(ledger, NOW).items() if dict(key[1])["campaign"] in campaigns
    }
    return shown | (pipeline(ledger)[1] if BOTH[0] in campaigns else {})


def wrong(pages: list[Series], ledger: Ledger) -> list[str]:
    shown, twice = union(pages)
    return twice + judged(shown, *expected(ledger, NOW, NOW))


def test_two_workers_who_share_the_campaigns_are_right() -> None:
    ledger = log().fold()

    assert wrong([page(ledger, ("c",)), page(ledger, ("free",))], ledger) == []
    assert off(expected(ledger, NOW, NOW)[0], page(ledger)) == (0, 0)


def test_an_event_that_was_lost_is_found_and_counted() -> None:
    ledger, shown = log().fold(), page(without(3).fold())

    assert any("kpi_campaign_lifetime_impressions_total" in found for found in wrong([shown], ledger))
    assert off(expected(ledger, NOW, NOW)[0], shown) == (1, 0)


def test_an_event_that_was_counted_twice_is_found_and_counted() -> None:
    ledger, shown = log().fold(), page(log().add("clicks", count=3).fold())

    assert any("kpi_content_clicks" in found for found in wrong([shown], ledger))
    assert off(expected(ledger, NOW, NOW)[0], shown) == (0, 3)


def test_an_order_that_was_lost_is_found_and_counted() -> None:
    ledger, fewer = log().fold(), without(5)
    del fewer.records[4]
    shown = page(fewer.fold())

    assert any("kpi_campaign_lifetime_conversions_total" in found for found in wrong([shown], ledger))
    assert off(expected(ledger, NOW, NOW)[0], shown) == (1, 0)


def test_a_campaign_that_nobody_shows_is_found() -> None:
    ledger = log().fold()

    assert any("free" in found for found in wrong([page(ledger, ("c",))], ledger))


def test_a_campaign_that_two_workers_show_is_found() -> None:
    ledger = log().fold()

    found = wrong([page(ledger), page(ledger, ("free",))], ledger)

    assert found
    assert all("free" in sentence and "more than one worker" in sentence for sentence in found)


def test_pipeline_counters_of_workers_add_up() -> None:
    ledger = log().fold()
    half = {key: value / 2 for key, value in pipeline(ledger)[1].items()}
    kpis = series(ledger, NOW)

    assert wrong([kpis | half, half], ledger) == []
    assert any("kpi_pipeline_events_total" in found for found in wrong([kpis | half], ledger))


def test_a_dead_letter_that_is_missing_or_of_another_reason_is_found() -> None:
    ledger = log().add("clicks", campaign_id="nobody").add("clicks", count=0).fold()
    first, second = ("clicks", 0, 6, "unknown_campaign"), ("clicks", 0, 7, "invalid_field")

    assert dead_letters([first, second, second], ledger) == ([], "2 + 1")
    assert len(dead_letters([first], ledger)[0]) == 1
    assert len(dead_letters([first, ("clicks", 0, 7, "future")], ledger)[0]) == 2


def test_traffic_that_would_prove_little_is_found() -> None:
    assert len(is_hard(log().fold(), MIX)) == 9

"""The truth counts what was sent, as its own meanings say."""

import json
from typing import Any

from models.times import DAY, HOUR
from models.topics import EventType
from producers.simulated import SimulatedEvent
from producers.truth import MEANING, Truth

NOW = 1_800_000_000_000_000


def event(number: int, event_type: EventType, **known: Any) -> SimulatedEvent:
    usual = SimulatedEvent(NOW, number, "impression", b"c", b"{}", "c", f"e{number}", NOW)
    return usual._replace(type=event_type, **known)


def figures(*events: SimulatedEvent, sent_at: int = NOW) -> dict[str, object]:
    truth = Truth()
    for one in events:
        truth.add(one, sent_at)
    found = truth.report()["campaigns"]["c"]
    assert isinstance(found, dict)
    return found


def purchase(number: int, **known: Any) -> SimulatedEvent:
    usual = {"kind": "purchase", "order_id": "o", "revenue": 10.0, "currency": "EUR"}
    return event(number, "conversion", **{**usual, **known})


def test_every_figure_has_a_meaning_and_every_meaning_a_figure() -> None:
    assert set(figures(event(1, "click"))) == set(MEANING)


def test_the_report_is_json_and_its_outcomes_add_up(hour: list[SimulatedEvent]) -> None:
    truth = Truth()
    for one in hour:
        truth.add(one, one.at)
    report = json.loads(json.dumps(truth.report()))
    assert sum(campaign["records"] for campaign in report["campaigns"].values()) == len(hour)
    for campaign in report["campaigns"].values():
        parts = campaign["counted"] + campaign["duplicates"]
        parts += sum(campaign["invalid_traffic"].values()) + sum(campaign["refused"].values())
        assert campaign["records"] == parts == sum(campaign["records_by_topic"].values())


def test_reach_is_of_consenting_persons_seen_one_by_one() -> None:
    found = figures(
        event(1, "impression", person="ana", consent=True),
        event(2, "impression", person="ana", consent=True),
        event(3, "impression", person="ben", consent=False),
        event(4, "impression", person="cleo"),
        event(5, "impression", stands_for=40),
        event(6, "click", person="dan", consent=True),
    )
    assert found["impressions"] == 44
    assert found["identified_impressions"] == 2
    assert found["reach_persons"] == 1
    assert found["reach_persons_assuming_consent"] == 2


def test_interactions_count_clicks_and_no_video_views() -> None:
    found = figures(
        event(1, "click", stands_for=3),
        event(2, "engagement", kind="like", stands_for=5),
        event(3, "engagement", kind="comment", sentiment="negative"),
        event(4, "engagement", kind="video_view", stands_for=100),
    )
    assert found["interactions"] == {"click": 3, "like": 5, "comment": 1}
    assert found["video_views"] == 100
    assert found["rated_upstream"] == {"negative": 1}


def test_what_is_planted_is_told_by_kind_and_counts_as_all_else() -> None:
    found = figures(
        event(1, "engagement", kind="like", planted="burst"),
        event(2, "engagement", kind="like", planted="burst", outcome="duplicate"),
        event(3, "engagement", kind="comment", planted="giveaway"),
        event(4, "engagement", kind="like"),
    )
    assert found["planted"] == {"burst": 1, "giveaway": 1}
    assert found["interactions"] == {"like": 2, "comment": 1}


def test_duplicates_bots_and_refused_events_are_in_no_figure_but_their_own() -> None:
    found = figures(
        event(1, "click", outcome="duplicate"),
        event(2, "click", outcome="invalid_traffic"),
        event(3, "click", outcome="refused", reason="future"),
    )
    assert found["clicks"] == found["counted"] == 0
    assert found["duplicates"] == 1
    assert found["invalid_traffic"] == {"click": 1}
    assert found["refused"] == {"future": 1}


def test_an_order_counts_once_with_its_earliest_report() -> None:
    early, late = purchase(1, event_time=NOW - HOUR, revenue=8.0), purchase(2, revenue=9.0)
    for reports in ((early, late), (late, early)):
        found = figures(*reports)
        assert found["orders"] == found["conversions"] == {"purchase": 1}
        assert found["revenue"] == {"EUR": 8.0}


def test_a_cancellation_takes_the_order_and_its_revenue_away_whatever_comes_first() -> None:
    sale, cancelled = purchase(1), purchase(2, status="cancelled", revenue=None)
    for reports in ((sale, cancelled), (cancelled, sale)):
        found = figures(*reports)
        assert found["orders"] == {"purchase": 1}
        assert found["conversions"] == {}
        assert found["cancelled_orders"] == 1
        assert found["revenue"] == {}


def test_refunds_take_revenue_but_never_more_than_the_sale() -> None:
    part = purchase(2, status="refunded", revenue=4.0)
    everything = purchase(3, status="refunded", revenue=None, currency=None)
    assert figures(purchase(1), part)["revenue"] == {"EUR": 6.0}
    assert figures(purchase(1), part, everything)["revenue"] == {"EUR": 0.0}
    assert figures(part)["orders"] == {}


def test_what_has_no_order_id_is_its_own_order() -> None:
    found = figures(event(1, "conversion", kind="signup"), event(2, "conversion", kind="signup"))
    assert found["conversions"] == {"signup": 2}


def test_late_is_more_than_a_day_before_it_was_sent() -> None:
    just = event(1, "click", event_time=NOW - DAY)
    over = event(2, "click", event_time=NOW - DAY - 1)
    assert figures(just, over)["late_over_24h"] == 1

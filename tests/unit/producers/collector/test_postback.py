"""What a postback says: by many names, in words of many networks, of one order once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.times import DAY, SECOND, parse_time
from producers.collector.incoming import NotAccepted, Translated
from producers.collector.postback_words import ALIASES
from tests.unit.producers.collector.attributing import (
    LIFETIME,
    NOON,
    as_counted,
    click_id,
)
from tests.unit.producers.collector.postbacks import call, order, reason, signed, told


def test_an_order_with_a_click_id_is_the_influencers() -> None:
    event = told(order())

    assert (event.campaign_id, event.influencer_id, event.content_id) == ("glow", "ana", "reel-1")
    assert (event.channel, event.format, event.attributed_by) == ("instagram", "reel", "click_id")
    assert (event.order_id, event.revenue, event.currency, event.source) == ("o-1", 84.9, "EUR", "postback")
    assert (event.event_time, event.kind, event.status) == (NOON, "purchase", "confirmed")


@pytest.mark.parametrize(
    ("name", "called"), [(name, called) for name, others in ALIASES.items() for called in others]
)
def test_every_alias_is_its_parameter_in_any_case(name: str, called: str) -> None:
    values = dict(order(code="ANA15"))
    value = values.pop(name)
    plain = call(((name, value), *values.items()))

    assert call(((called, value), *values.items())) == plain
    assert call(((called.upper(), f" {value} "), *values.items())) == plain


@pytest.mark.parametrize("name", sorted(ALIASES.keys() - {"sig", "ts", "token", "source"}))
@pytest.mark.parametrize("macro", ["{order}", "__ORDER__", "%7Border%7D", "${amount}"])
def test_a_macro_in_any_parameter_is_refused(name: str, macro: str) -> None:
    assert reason(order(**{name: macro})) == (400, "unfilled_macro", name)


def test_a_macro_in_a_parameter_of_no_interest_does_no_harm() -> None:
    assert call((*order(), ("sub5", "{sub5}"))) == call(order())


def test_an_empty_parameter_is_absent_and_the_same_twice_is_once() -> None:
    assert call((*order(), ("coupon", ""), ("payout", " "))) == call(order())
    assert call((*order(), ("orderid", "o-1"))) == call(order())
    assert reason((*order(), ("orderid", "o-2"))) == (400, "repeated_parameter", "order_id")


@pytest.mark.parametrize(
    ("word", "status"),
    [("confirmed", "confirmed"), ("Approved", "confirmed"), ("sale", "confirmed"),
     ("cancelled", "cancelled"), ("declined", "cancelled"), ("REVERSED", "cancelled"),
     ("refunded", "refunded"), ("chargeback", "refunded")],
)  # fmt: skip
def test_the_words_that_networks_use_are_statuses(word: str, status: str) -> None:
    query = (*order(status=word), ("sub", "1"))

    assert told(signed(*query)).status == status


@pytest.mark.parametrize("word", ["pending", "hold", "NEW"])
def test_what_a_network_has_not_decided_is_noted_and_is_no_event(word: str) -> None:
    assert call(order(status=word)) == Translated((), ("pending",))


@pytest.mark.parametrize("word", ["2", "maybe", "confirmed!"])
def test_a_status_that_differs_from_network_to_network_is_not_guessed(word: str) -> None:
    assert reason(order(status=word)) == (400, "invalid_field", "status")


@pytest.mark.parametrize(
    "amount", ["1,234.50", "84,90", "-1", "1e3", "NaN", "", "0x10", "١٢", "1_000", "€5", ".5"]
)
def test_revenue_is_digits_with_a_point_or_without(amount: str) -> None:
    if amount:
        assert reason(order(revenue=amount)) == (400, "invalid_field", "revenue")
    else:
        assert told(order(revenue=amount)).revenue is None


def test_revenue_needs_a_currency() -> None:
    assert reason(order(currency="")) == (400, "missing_field", "currency")
    assert reason(order(currency="euro")) == (400, "invalid_field", "currency")
    assert told(order(currency="eur")).currency == "EUR"


def test_a_purchase_needs_an_order_and_a_sign_up_does_not() -> None:
    assert reason(order(order_id="")) == (400, "missing_field", "order_id")
    event = told(order(order_id="", kind="signup"))

    assert (event.kind, event.order_id) == ("signup", None)
    assert event.event_id == told(order(order_id="", kind="signup"), NOON + DAY).event_id
    assert event.event_id != told(order(click_id=click_id(at=NOON), order_id="", kind="signup")).event_id


@given(st.sampled_from(["confirmed", "approved"]), st.integers(0, 10), st.booleans())
def test_a_repeated_report_is_the_same_event(word: str, days: int, coupon: bool) -> None:
    beside = {"code": "ANA15"} if coupon else {}

    assert told(order(status=word, **beside), NOON + days * DAY).event_id == told(order()).event_id


def test_reports_of_other_orders_sources_statuses_and_refunds_are_other_events() -> None:
    confirmed = [order(), order(order_id="o-2"), order(order_id="o-1", kind="signup")]
    adjusting = [
        order(status="cancelled"), order(status="refunded"), order(status="refunded", revenue="5"),
        order(status="refunded", revenue="5", refund_id="r1"),
        order(status="refunded", revenue="5", refund_id="r2"),
    ]  # fmt: skip
    queries = confirmed + [signed(*one) for one in [*confirmed, *adjusting]]

    assert len({told(query).event_id for query in queries}) == len(queries)


@given(st.sampled_from([("5", "5.0", "5.00"), ("100", "100.00"), ("0.5", "0.50"), ("0", "0.00")]))
def test_a_refund_is_the_same_however_its_amount_is_written(amounts: tuple[str, ...]) -> None:
    reports = [told(signed(*order(status="refunded", revenue=amount))) for amount in amounts]

    assert len({report.event_id for report in reports}) == 1


def test_a_click_id_that_is_bad_is_refused_with_its_reason() -> None:
    assert reason(order(click_id=click_id()[:-1])) == (400, "malformed_click_id", "click_id")
    assert reason(order(click_id="A" * 60)) == (400, "forged_click_id", "click_id")
    assert reason(order(), NOON + LIFETIME) == (400, "expired", "click_id")


def test_an_order_may_be_taken_back_after_its_click_id_expired() -> None:
    late = NOON + LIFETIME
    event = told(signed(*order(status="refunded", revenue="5"), ts=str(late // SECOND)), late)

    assert (event.campaign_id, event.order_id, event.revenue, event.status) == (
        "glow",
        "o-1",
        5.0,
        "refunded",
    )


def test_conflict_and_codes_are_noted() -> None:
    assert call(order(code="BEN10")).notes == ("conflict",)
    assert call(order(code="WELCOME")).notes == ("unknown_code",)


def test_what_a_source_declares_counts_where_nothing_better_is_known() -> None:
    declared = told(
        signed(("order_id", "o"), ("influencer_id", "ben"), ("channel", "TikTok"), source="glow-only")
    )
    nobody = told(signed(("order_id", "o"), source="glow-only"))

    assert (declared.campaign_id, declared.influencer_id, declared.channel) == ("glow", "ben", "tiktok")
    assert (declared.attributed_by, nobody.attributed_by) == ("declared", None)
    assert reason(signed(("order_id", "o"))) == (400, "no_campaign", "campaign_id")


def test_an_order_taken_back_is_told_to_every_campaign_of_its_source() -> None:
    query = signed(("order_id", "o"), ("status", "refund"), source="both")
    events = [as_counted(event) for event in call(query).events]

    assert [event.campaign_id for event in events] == ["dusk", "glow"]
    assert reason(signed(("order_id", "o"), ("status", "refund"))) == (400, "no_campaign", "campaign_id")


def test_a_time_may_be_told() -> None:
    query = order(event_time="2026-11-20T10:00:00+01:00")

    assert told(query).event_time == parse_time("2026-11-20T09:00:00Z")
    assert reason(order(event_time="yesterday")) == (400, "invalid_field", "event_time")


@given(st.lists(st.tuples(st.sampled_from([*ALIASES, "cid", "x"]), st.text(max_size=30)), max_size=8))
def test_any_parameters_are_an_event_or_a_refusal_with_a_reason(query: list[tuple[str, str]]) -> None:
    try:
        call(tuple(query))
    except NotAccepted as refusal:
        assert refusal.status in (400, 401, 403)

"""The tests' traffic: spoiled events are spoiled, all others are clear, and nothing is left out."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.system.support import oracle
from tests.system.support.campaigns import CAST, DEBUTS, UNSOLD, all_campaigns, clock
from tests.system.support.document import microseconds, read_document
from tests.system.support.fields import ATTRIBUTIONS, POLARITIES
from tests.system.support.forging import FORGED
from tests.system.support.judging import Event, Record, Refused, judge
from tests.system.support.ledger import Ledger, edgy, fold
from tests.system.support.naming import key
from tests.system.support.oracle import WITH_BOUNDS
from tests.system.support.places import SCOPES
from tests.system.support.rules import DEFAULTS
from tests.system.support.spoiling import Fields, Spoiling, encode, ways
from tests.system.support.traffic import Traffic

SECOND = 1_000_000
DAY = 86_400 * SECOND
NOW = clock()
ARRIVAL = int(NOW.timestamp() * SECOND)
DOCUMENT = read_document(all_campaigns(NOW))
NAMED = ways(NOW)


@pytest.fixture(scope="module")
def records() -> list[Record]:
    """Draw the traffic once, as if every message arrived a microsecond after the one before it."""
    messages = Traffic(3, NOW).messages(20_000)
    return [Record(m.topic, n % 4, n, ARRIVAL + n, m.key, m.value) for n, m in enumerate(messages)]


@pytest.fixture(scope="module")
def ledger(records: list[Record]) -> Ledger:
    """Fold the traffic once."""
    return fold(records, DOCUMENT)


def adjusted(ledger: Ledger) -> Iterator[Event]:
    """Return every adjustment that was accepted."""
    for order in ledger.orders.values():
        yield from (*order.cancellations, *order.refunds)


@pytest.mark.parametrize("way", NAMED, ids=[way.name for way in NAMED])
def test_every_way_to_spoil_an_event_is_refused_for_its_reason(way: Spoiling) -> None:
    for topic in way.topics:
        event = Traffic(1, NOW).event(topic, "spring")
        judge(Record(topic, 0, 0, ARRIVAL, None, encode(event)), DOCUMENT)
        with pytest.raises(Refused) as refusal:
            judge(Record(topic, 0, 0, ARRIVAL, None, way.spoil(event)), DOCUMENT)
        assert refusal.value.reason in way.reasons


def test_the_traffic_is_unambiguous_and_reaches_every_leaf(ledger: Ledger) -> None:
    assert not edgy(ledger, ARRIVAL, ARRIVAL + 240 * SECOND)
    for name, cast in CAST.items():
        published = {
            (i, c, channel) for i, contents in cast.items() for c in contents for channel in contents[c]
        }
        assert published <= {leaf[:3] for leaf in ledger.leaves(name)}
    assert {outcome for _, outcome in ledger.outcomes} == {
        "counted",
        "duplicate",
        "refused",
        "invalid_traffic",
        "stale",
    }
    assert len({reason for _, reason in ledger.refusals}) == 11
    assert ledger.repeated_reports() > 10
    assert 0.7 < sum(n for (_, o), n in ledger.outcomes.items() if o == "counted") / 20_000 < 0.95


def test_orders_are_adjusted_in_every_way(ledger: Ledger) -> None:
    found = {
        (bool(order.reports), len(order.reports) > 1, bool(order.cancellations), bool(order.refunds))
        for order in ledger.orders.values()
    }
    # Sold, reported again, cancelled, refunded: all together, each alone, and adjusted without a sale.
    assert found >= {
        (True, False, False, False),
        (True, False, True, False),
        (True, False, False, True),
        (True, False, True, True),
        (True, True, True, False),
        (True, True, False, True),
        (False, False, True, False),
        (False, False, False, True),
    }
    sold = [(order, sale) for order in ledger.orders.values() if (sale := order.sale())]
    refunds = [(sale, refund) for order, sale in sold for refund in order.refunds]
    assert any(refund.revenue is None for _, refund in refunds)
    assert any(refund.revenue == 0 for _, refund in refunds)
    assert any(refund.currency not in (None, sale.currency) for sale, refund in refunds)
    before = {adjustment.arrival < sale.arrival for order, sale in sold for adjustment in order.cancellations}
    assert before == {True, False}
    kept = [
        float(left.revenue or 0) / float(sale.revenue)
        for order, sale in sold
        if sale.revenue and (left := order.counted(DOCUMENT))
    ]
    assert sum(share == 0 for share in kept) > 20
    assert sum(0 < share < 1 for share in kept) > 20


def test_adjustments_come_bare_and_after_the_flight_and_too_late(
    records: list[Record], ledger: Ledger
) -> None:
    read: list[Fields] = [json.loads(record.value or b"null") for record in records if _is_adjustment(record)]
    bare = {"type", "event_id", "event_time", "campaign_id", "order_id", "status", "seen_by"}
    assert any(fields.keys() == bare for fields in read)
    assert any("influencer_id" in fields for fields in read)
    ids = [fields["event_id"] for fields in read]
    assert len(ids) - len(set(ids)) > 10
    over = DOCUMENT.campaigns["just-ended"]
    assert any(e.time >= over.ends + over.grace for e in adjusted(ledger) if e.campaign == over.id)
    closed = DOCUMENT.campaigns["in-grace"]
    refused = [
        microseconds(fields["event_time"])
        for record, reason in ledger.refused
        if reason == "outside_flight" and _is_adjustment(record)
        for fields in [json.loads(record.value or b"")]
        if fields["campaign_id"] == closed.id
    ]
    assert any(time >= closed.ends + closed.adjustments_until for time in refused)


def _is_adjustment(record: Record) -> bool:
    value = record.value or b""
    return record.topic == "conversions" and b'"status"' in value and value.endswith(b"}")


def test_persons_are_of_the_target_and_not_and_rate_with_and_without_words(
    records: list[Record], ledger: Ledger
) -> None:
    for campaign in DOCUMENT.campaigns.values():
        shown = [
            e for e in ledger.events if e.campaign == campaign.id and e.type == "impression" and e.person
        ]
        if campaign.target and shown:
            assert {event.targeted for event in shown} == {True, False}, campaign.id
        else:
            assert not any(event.targeted for event in shown), campaign.id
    rated = [event for event in ledger.events if event.sentiment]
    assert {event.sentiment for event in rated} == {"positive", "neutral", "negative"}
    assert {event.kind for event in rated} == {"comment", "mention", "reply"}
    assert any(event.count > 1 for event in rated)
    words = [record.value or b"" for record in records if record.topic == "engagements"]
    assert {b'"text"' in value for value in words if b'"sentiment"' in value} == {True, False}
    assert {event.sentiment for event in ledger.events if event.read} == {*POLARITIES, None}
    assert any(event.read and event.count > 1 for event in ledger.events)


def test_interactions_are_suspicious_and_noted_for_every_reason(ledger: Ledger) -> None:
    found = {(event.campaign, event.reason or event.noted) for event in ledger.events if event.judged}
    usual = {("forged", rule) for rule in DEFAULTS}
    assert found >= usual | {("forged-otherwise", rule) for rule in DEFAULTS}
    assert {reason for campaign, reason in found if campaign not in FORGED} == {None, "generic"}
    for campaign in FORGED:
        interactions = [e for e in ledger.events if e.campaign == campaign and e.type != "impression"]
        assert {event.judged for event in interactions} == {True, False}
        assert any("live" in (event.channel, event.format) for event in interactions)


def test_there_is_much_of_which_nothing_is_known(ledger: Ledger) -> None:
    truth = oracle.truth(ledger, ARRIVAL)
    unknown = {family for family, _ in truth.unknown}
    assert unknown >= {f"kpi_{scope}_estimated_reach_persons" for scope in SCOPES}
    assert unknown >= {f"kpi_{scope}_emv" for scope in ("influencer", "channel", "content")}
    assert unknown >= {f"kpi_{scope}_reach_persons" for scope in ("influencer", "channel", "content")}
    shown = {(family, dict(labels)["campaign"]) for family, labels in truth.series}
    assert ("kpi_campaign_roi_ratio", "fresh") not in shown
    assert ("kpi_campaign_cpa", "fresh") in shown
    assert not {("kpi_campaign_cpa", name) for name in UNSOLD} & shown
    due = {(family, dict(labels)["campaign"]) for family, labels in truth.due}
    assert due >= {(f"kpi_{scope}_cpa_lower", name) for name in UNSOLD for scope in WITH_BOUNDS}
    estimated = key("kpi_campaign_estimated_reach_persons", campaign="spring", window="flight")
    reach = key("kpi_campaign_reach_persons", campaign="spring", window="flight")
    assert truth.series[estimated] > 2 * truth.series[reach]


def test_influencers_and_contents_begin_in_mid_flight_and_after_it(ledger: Ledger) -> None:
    for (campaign, influencer, content), debut in DEBUTS.items():
        leaves = ledger.leaves(campaign)
        first = min(time for leaf, time in leaves.items() if leaf[:2] == (influencer, content))
        assert ARRIVAL - debut * SECOND <= first + 60 * SECOND
        assert (first >= DOCUMENT.campaigns[campaign].ends) is (campaign == "in-grace")
    assert min(time for leaf, time in ledger.leaves("spring").items() if leaf[0] == "ana") < ARRIVAL - DAY


def test_every_odd_form_of_a_conversion_is_sent(ledger: Ledger) -> None:
    sold = [sale for order in ledger.orders.values() if (sale := order.sale())]
    assert any(sale.count > 1 and sale.revenue for sale in sold)
    assert {sale.attributed for sale in sold} == {*ATTRIBUTIONS, None}
    assert any(sale.influencer == "none" for sale in sold)
    named = Counter((campaign, name) for campaign, (kind, name) in ledger.orders if kind)
    assert sum(number > 1 for number in named.values()) > 3
    elsewhere = [order for order in ledger.orders.values() if len({r.content for r in order.reports}) > 1]
    assert len(elsewhere) > 5
    late = [order for order in elsewhere if order.sale() not in order.reports]
    assert late, "no sale has its revenue from another report"
    of_bazaar = oracle.series(ledger, ARRIVAL)[
        key("kpi_campaign_revenue", campaign="bazaar", window="flight", currency="EUR")
    ]
    assert of_bazaar * 48_000 * 1e6 > 2**63
    with_their_id = {sale.event_id for sale in sold} & {
        adjustment.event_id for adjustment in adjusted(ledger)
    }
    assert len(with_their_id) > 5


def test_what_does_not_fit_is_ignored_on_every_topic(records: list[Record], ledger: Ledger) -> None:
    assert {topic for topic, _ in ledger.ignored} == {"impressions", "clicks", "engagements", "conversions"}
    fields = {
        "audience",
        "audience.country",
        "audience.interests",
        "source",
        "user_agent",
        "text",
        "language",
    }
    assert {field for _, field in ledger.ignored} >= fields | {"sentiment", "person_id"}
    assert any(b":60." in (record.value or b"") for record in records)


def test_totals_come_in_order_and_not_rise_and_fall_and_repeat(ledger: Ledger) -> None:
    reports = Counter((e.campaign, e.content, e.type, e.kind) for e in ledger.events if e.total is not None)
    grown = [event.count for event in ledger.events if event.total is not None]
    assert max(reports.values()) > 4
    assert min(grown) < 0 < max(grown)
    assert {event.type for event in ledger.events if event.total is not None} == {
        "impression", "click", "engagement"
    }  # fmt: skip
    assert sum(count for (_, outcome), count in ledger.outcomes.items() if outcome == "stale") > 50
    assert {name for _, name in +ledger.taken} >= {"impression", "click", "like", "video_view"}
    windows = [tally for name in DOCUMENT.campaigns for tally in ledger.tallies(name, ARRIVAL)["5m"].values()]
    assert any(tally.impressions < 0 for tally in windows)
    assert any(event.arrival - event.time > DAY for event in ledger.events if event.total is not None)


def test_campaigns_are_at_every_point_of_their_life() -> None:
    status = {campaign.status(ARRIVAL) for campaign in DOCUMENT.campaigns.values()}
    assert status == {"scheduled", "running", "grace", "ended"}
    assert {campaign.shown(ARRIVAL) for campaign in DOCUMENT.campaigns.values()} == {True, False}

"""What the simulation knows of the events that it sent, counted without any of the service's code."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from models.times import DAY
from producers.simulated import SimulatedEvent

MEANING = {
    "records": "records sent, everything included: counted + duplicates + invalid_traffic + all refused",
    "records_by_topic": "the same by topic",
    "counted": "first sendings of events that are to be counted, adjustments of orders included",
    "duplicates": "second sendings of the same bytes under the same event_id",
    "invalid_traffic": "impressions and clicks of known bots, by type",
    "refused": "records that are no valid event, by reason; in the campaign whose event was spoilt",
    "late_over_24h": "counted events sent more than 24 h after their event_time",
    "impressions": "sum of count over counted impressions",
    "identified_impressions": "counted impressions with a person_id, consent true and a count of 1",
    "reach_persons": "distinct person_id of identified_impressions",
    "reach_persons_assuming_consent": "the same if an absent consent counts as given",
    "clicks": "sum of count over counted clicks",
    "interactions": "sum of count over counted engagements but video views, by kind, and clicks as click",
    "video_views": "sum of count over counted engagements of kind video_view",
    "rated_upstream": "sum of count over counted comments, mentions and replies that bring a sentiment, "
    "by polarity",
    "planted": "counted interactions that no person made, by the reason that is to find them; giveaway: "
    "people's that look like them",
    "orders": "distinct orders reported (an event without order_id is its own), by kind",
    "conversions": "the same less cancelled orders",
    "cancelled_orders": "reported orders of which a cancellation was sent",
    "revenue": "of orders not cancelled, by its currency: that of the earliest report that has one "
    "less refunds, never below zero; not converted",
}
"""What each figure of a campaign says. Windows are not applied: all that was sent counts."""


_OrderKey = tuple[str, str | None, str]
"""Kind and order id, or kind, None and event id."""


@dataclass
class _Order:
    sale: tuple[int, str] | None = None
    price: tuple[int, str, float, str] | None = None
    cancelled: bool = False
    refunds: dict[str, float | None] = field(default_factory=dict)

    def net(self) -> float:
        if self.price is None:
            return 0.0
        revenue = self.price[2]
        return max(0.0, revenue - sum(revenue if part is None else part for part in self.refunds.values()))


@dataclass
class _CampaignTruth:
    topics: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    invalid: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    late: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    interactions: Counter[str] = field(default_factory=Counter)
    rated: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    persons: set[str] = field(default_factory=set)
    persons_assumed: set[str] = field(default_factory=set)
    orders: defaultdict[_OrderKey, _Order] = field(default_factory=lambda: defaultdict(_Order))


class Truth:
    """Counts sent events; its memory grows with the distinct persons and orders."""

    def __init__(self) -> None:
        self._campaigns: defaultdict[str, _CampaignTruth] = defaultdict(_CampaignTruth)

    def add(self, event: SimulatedEvent, sent_at: int) -> None:
        """Count an event sent at a time (microseconds)."""
        truth = self._campaigns[event.campaign]
        truth.topics[f"{event.type}s"] += 1
        truth.outcomes[event.outcome] += 1
        if event.outcome == "invalid_traffic":
            truth.invalid[event.type] += 1
        elif event.outcome == "refused":
            truth.refused[event.reason or ""] += 1
        elif event.outcome == "counted":
            truth.late += sent_at - event.event_time > DAY
            _ADD[event.type](truth, event)

    def report(self) -> dict[str, Any]:
        """Return the figures by campaign, and what each means, as plain data for JSON."""
        campaigns = {name: _figures(truth) for name, truth in sorted(self._campaigns.items())}
        return {"meaning": MEANING, "campaigns": campaigns}


def _add_impression(truth: _CampaignTruth, event: SimulatedEvent) -> None:
    truth.counts["impressions"] += event.stands_for
    if event.person is None or event.stands_for > 1 or event.consent is False:
        return
    truth.persons_assumed.add(event.person)
    if event.consent:
        truth.counts["identified"] += 1
        truth.persons.add(event.person)


def _add_click(truth: _CampaignTruth, event: SimulatedEvent) -> None:
    truth.counts["clicks"] += event.stands_for
    truth.interactions["click"] += event.stands_for


def _add_engagement(truth: _CampaignTruth, event: SimulatedEvent) -> None:
    if event.kind == "video_view":
        truth.counts["video_views"] += event.stands_for
        return
    truth.interactions[event.kind] += event.stands_for
    if event.planted:
        truth.planted[event.planted] += event.stands_for
    if event.sentiment:
        truth.rated[event.sentiment] += event.stands_for


def _add_conversion(truth: _CampaignTruth, event: SimulatedEvent) -> None:
    own = "" if event.order_id else event.event_id
    order = truth.orders[event.kind or "purchase", event.order_id, own]
    if event.status == "cancelled":
        order.cancelled = True
    elif event.status == "refunded":
        order.refunds[event.event_id] = event.revenue
    else:
        sale = event.event_time, event.event_id
        order.sale = min(order.sale or sale, sale)
        if event.revenue is not None and event.currency is not None:
            price = (*sale, event.revenue, event.currency)
            order.price = min(order.price or price, price)


_ADD = {
    "impression": _add_impression,
    "click": _add_click,
    "engagement": _add_engagement,
    "conversion": _add_conversion,
}


def _figures(truth: _CampaignTruth) -> dict[str, Any]:
    sold = {key: order for key, order in truth.orders.items() if order.sale is not None}
    kept = {key: order for key, order in sold.items() if not order.cancelled}
    return {
        "records": truth.outcomes.total(),
        "records_by_topic": dict(truth.topics),
        "counted": truth.outcomes["counted"],
        "duplicates": truth.outcomes["duplicate"],
        "invalid_traffic": dict(truth.invalid),
        "refused": dict(truth.refused),
        "late_over_24h": truth.late,
        "impressions": truth.counts["impressions"],
        "identified_impressions": truth.counts["identified"],
        "reach_persons": len(truth.persons),
        "reach_persons_assuming_consent": len(truth.persons_assumed),
        "clicks": truth.counts["clicks"],
        "interactions": dict(truth.interactions),
        "video_views": truth.counts["video_views"],
        "rated_upstream": dict(truth.rated),
        "planted": dict(truth.planted),
        "orders": _by_kind(sold),
        "conversions": _by_kind(kept),
        "cancelled_orders": len(sold) - len(kept),
        "revenue": _revenue(kept.values()),
    }


def _by_kind(orders: Iterable[_OrderKey]) -> dict[str, int]:
    return dict(Counter(kind for kind, _, _ in orders))


def _revenue(orders: Iterable[_Order]) -> dict[str, float]:
    total: Counter[str] = Counter()
    for order in orders:
        if order.price:
            total[order.price[3]] += round(order.net() * 100)
    return {currency: cents / 100 for currency, cents in total.items()}

"""What all acknowledged records come to: counted events, orders, and the pipeline's own numbers."""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.system.support.document import Document
from tests.system.support.judging import Event, OrderKey, Record, Refused, judge
from tests.system.support.orders import Order
from tests.system.support.suspicion import suspected
from tests.system.support.tally import Leaf, Tally

HOUR = 3_600_000_000
# Length of each window and how far its edge may be off.
WINDOWS = {
    "5m": (HOUR // 12, 10_000_000),
    "1h": (HOUR, 60_000_000),
    "24h": (24 * HOUR, 900_000_000),
    "7d": (168 * HOUR, 2 * HOUR),
}


@dataclass
class Ledger:
    """Everything that the records of a run amount to; it is read when all of them are in it."""

    document: Document
    events: list[Event] = field(default_factory=list)
    orders: dict[tuple[str, OrderKey], Order] = field(default_factory=lambda: defaultdict(Order))
    robots: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[tuple[Record, str]] = field(default_factory=list)
    late: Counter[str] = field(default_factory=Counter)
    late_adjustments: int = 0
    ignored: Counter[tuple[str, str]] = field(default_factory=Counter)
    totals: dict[tuple[str | None, ...], tuple[int, int]] = field(default_factory=dict)
    """The time of each last total, and what it says: by campaign, leaf, type, kind and source."""
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What lower totals took away, by campaign and type, of engagements their kind."""

    def of(self, campaign: str) -> list[Order]:
        """Return a campaign's orders."""
        return [order for (name, _), order in self.orders.items() if name == campaign]

    def repeated_reports(self) -> int:
        """Count reports of orders beyond the first: `counted` or `duplicate`, the contract does not say."""
        return sum(max(0, len(order.reports) - 1) for order in self.orders.values())

    @functools.cached_property
    def counted(self) -> dict[str, list[Event]]:
        """Give, by campaign, every event that some number counts; sales less what was taken back."""
        sales = [order.counted(self.document) for order in self.orders.values()]
        result: dict[str, list[Event]] = defaultdict(list)
        for event in (*self.events, *(sale for sale in sales if sale)):
            result[event.campaign].append(event)
        return result

    def leaves(self, campaign: str) -> dict[Leaf, int]:
        """Return the leaves that valid events made, and the first event's time of each.

        Neither adjustments nor reports that lose their order make any.
        """
        sales = [sale for order in self.of(campaign) if (sale := order.sale())]
        first: dict[Leaf, int] = {}
        for event in (*self.events, *sales):
            if event.campaign == campaign:
                first[_leaf(event)] = min(event.time, first.get(_leaf(event), event.time))
        return first

    def tallies(self, campaign: str, now: int) -> dict[str, dict[Leaf, Tally]]:
        """Count a campaign's events by window and leaf."""
        result: dict[str, dict[Leaf, Tally]] = {window: defaultdict(Tally) for window in (*WINDOWS, "flight")}
        for event in self.counted.get(campaign, ()):
            for window in windows_of(event.time, now):
                result[window][_leaf(event)].add(event)
        return result


def _leaf(event: Event) -> Leaf:
    return event.influencer, event.content, event.channel, event.format


def windows_of(time: int, now: int) -> list[str]:
    """Name the windows that hold a moment."""
    return [window for window, (length, _) in WINDOWS.items() if now - time <= length] + ["flight"]


def edgy(ledger: Ledger, begin: int, end: int) -> list[str]:
    """Name the windows that a counted event might have left, or not, between two moments."""
    times = [event.time for events in ledger.counted.values() for event in events]
    found = []
    for window, (length, edge) in WINDOWS.items():
        if any(begin - length - edge <= time <= end - length + edge for time in times):
            found.append(window)
    return found


def fold(records: Iterable[Record], document: Document, assume_consent: bool = False) -> Ledger:
    """Judge every record, drop duplicates in the order of arrival, and sort what remains."""
    ledger = Ledger(document)
    seen: set[tuple[str, str, str]] = set()
    for record in sorted(
        records, key=lambda record: (record.arrival, record.topic, record.partition, record.offset)
    ):
        try:
            event = judge(record, document, assume_consent)
        except Refused as refusal:
            ledger.outcomes[record.topic, "refused"] += 1
            ledger.refusals[record.topic, refusal.reason] += 1
            ledger.refused.append((record, refusal.reason))
            continue
        ledger.outcomes[record.topic, _enter(ledger, record.topic, event, seen)] += 1
    rules = {name: campaign.rules for name, campaign in document.campaigns.items()}
    ledger.events = list(suspected(ledger.events, rules))
    return ledger


def _enter(ledger: Ledger, topic: str, event: Event, seen: set[tuple[str, str, str]]) -> str:
    own = event.campaign, event.event_id, event.status  # An adjustment may bear its sale's id.
    if own in seen:
        return "duplicate"
    seen.add(own)
    ledger.ignored.update((topic, name) for name in event.ignored)
    if event.robot:
        ledger.robots[event.campaign, event.type] += 1
        return "invalid_traffic"
    if event.total is not None:
        grown = _grown(ledger, event, event.total)
        if grown is None:
            return "stale"
        event = replace(event, count=grown)
    if event.arrival - event.time > 24 * HOUR:
        ledger.late[topic] += not event.adjusts
        ledger.late_adjustments += event.adjusts
    if event.order is not None:
        ledger.orders[event.campaign, event.order].add(event)
    else:
        ledger.events.append(event)
    return "counted"


def _grown(ledger: Ledger, event: Event, total: int) -> int | None:
    """Say by how much a total is above the last one, and note it; None of one that is older."""
    series = event.campaign, *_leaf(event), event.type, event.kind, event.source
    time, last = ledger.totals.get(series, (event.time, 0))
    if event.time < time:
        return None
    ledger.totals[series] = event.time, total
    ledger.taken[event.campaign, event.kind or event.type] += max(0, last - total)
    return total - last

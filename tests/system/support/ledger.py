"""What all acknowledged records come to: counted events, orders, and the pipeline's own numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.system.support.document import Document
from tests.system.support.judging import Event, Record, Refused, judge
from tests.system.support.tally import Leaf, Tally

HOUR = 3_600_000_000
# Length of each window and how far its edge may be off.
WINDOWS = {"5m": (HOUR // 12, 10_000_000), "1h": (HOUR, 60_000_000), "24h": (24 * HOUR, 900_000_000)}


@dataclass
class Ledger:
    """Everything that the records of a run amount to."""

    events: list[Event] = field(default_factory=list)
    reports: dict[tuple[str, str], list[Event]] = field(default_factory=lambda: defaultdict(list))
    robots: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[tuple[Record, str]] = field(default_factory=list)
    late: Counter[str] = field(default_factory=Counter)

    def sales(self) -> Iterator[Event]:
        """Give the report that stands for each order: the earliest, then the lowest event_id."""
        for reports in self.reports.values():
            yield min(reports, key=lambda report: (report.time, report.event_id))

    def repeated_reports(self) -> int:
        """Count reports of orders beyond the first: `counted` or `duplicate`, the contract does not say."""
        return sum(len(reports) - 1 for reports in self.reports.values())

    def counted(self) -> Iterator[Event]:
        """Give every event that some number counts."""
        yield from self.events
        yield from self.sales()

    def leaves(self, campaign: str) -> set[Leaf]:
        """Give the leaves that valid events made."""
        everything = [*self.events, *(report for reports in self.reports.values() for report in reports)]
        return {_leaf(event) for event in everything if event.campaign == campaign}

    def tallies(self, campaign: str, now: int) -> dict[str, dict[Leaf, Tally]]:
        """Count a campaign's events by window and leaf."""
        result: dict[str, dict[Leaf, Tally]] = {window: defaultdict(Tally) for window in (*WINDOWS, "flight")}
        for event in self.counted():
            if event.campaign == campaign:
                for window in windows_of(event.time, now):
                    result[window][_leaf(event)].add(event)
        return result


def _leaf(event: Event) -> Leaf:
    return event.influencer, event.content, event.channel


def windows_of(time: int, now: int) -> list[str]:
    """Name the windows that hold a moment."""
    return [window for window, (length, _) in WINDOWS.items() if now - time <= length] + ["flight"]


def edgy(events: Iterable[Event], begin: int, end: int) -> list[str]:
    """Name the windows that an event might have left, or not, between two moments."""
    times = [event.time for event in events]
    found = []
    for window, (length, edge) in WINDOWS.items():
        if any(begin - length - edge <= time <= end - length + edge for time in times):
            found.append(window)
    return found


def fold(records: Iterable[Record], document: Document, assume_consent: bool = False) -> Ledger:
    """Judge every record, drop duplicates in the order of arrival, and sort what remains."""
    ledger = Ledger()
    seen: set[tuple[str, str]] = set()
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
    return ledger


def _enter(ledger: Ledger, topic: str, event: Event, seen: set[tuple[str, str]]) -> str:
    if (event.campaign, event.event_id) in seen:
        return "duplicate"
    seen.add((event.campaign, event.event_id))
    if event.robot:
        ledger.robots[event.campaign, event.type] += 1
        return "invalid_traffic"
    ledger.late[topic] += event.arrival - event.time > 24 * HOUR
    if event.type == "conversion":
        ledger.reports[event.campaign, str(event.order)].append(event)
    else:
        ledger.events.append(event)
    return "counted"

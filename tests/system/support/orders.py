"""What becomes of one order: which report of it stands, and what cancellations and refunds leave of it."""

from dataclasses import dataclass, field, replace

from tests.system.support.document import Document, convert
from tests.system.support.judging import Event


@dataclass
class Order:
    """Everything that was said of one order, in no order: the outcome depends on none."""

    reports: list[Event] = field(default_factory=list)
    cancellations: list[Event] = field(default_factory=list)
    refunds: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Note one event, each event_id once."""
        said = {"cancelled": self.cancellations, "refunded": self.refunds}
        said.get(event.status, self.reports).append(event)

    def sale(self) -> Event | None:
        """Return the report that stands, cancelled or not: the earliest, then the lowest event_id.

        Its revenue is that of the earliest report that has one.
        """
        reports = sorted(self.reports, key=lambda report: (report.time, report.event_id))
        valued = next((report for report in reports if report.revenue is not None), None)
        if not reports or valued is None:
            return reports[0] if reports else None
        return replace(reports[0], revenue=valued.revenue, currency=valued.currency)

    def counted(self, document: Document) -> Event | None:
        """Return the sale with the revenue that refunds leave; None where it was cancelled or never made."""
        sale = self.sale()
        if sale is None or self.cancellations:
            return None
        return replace(sale, revenue=_remaining(sale, self.refunds, document)) if sale.revenue else sale


def _remaining(sale: Event, refunds: list[Event], document: Document) -> float:
    """Take refunds from the sale; one that names no amount takes all, and needs no rate."""
    whole, currency = float(sale.revenue or 0), str(sale.currency)
    if any(refund.revenue is None for refund in refunds):
        return 0.0
    named = [(float(r.revenue), str(r.currency)) for r in refunds if r.revenue]
    return max(0.0, whole - sum(convert(document, amount, other, currency) for amount, other in named))

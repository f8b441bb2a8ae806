"""What became of records: each has one outcome."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Literal

from models.admission.admit import Judged
from models.events.parsing import Refusal
from models.tally import Tally, merge

Outcome = Literal["counted", "duplicate", "refused", "invalid_traffic"]
OUTCOMES: tuple[Outcome, ...] = ("counted", "duplicate", "refused", "invalid_traffic")


def outcomes_of(
    judged: Judged, fresh: Judged, reasons: Sequence[str | None], refusals: Iterable[tuple[int, Refusal]]
) -> Tally:
    """Count what became of a batch's records."""
    invalid = [
        (f"invalid:{event.campaign_id}|{event.type}|{reason}", event.count)
        for event, reason in compress(zip(fresh.events, reasons, strict=True), reasons)
    ]
    refused = Counter(f"refused:{refusal.reason}" for _, refusal in refusals)
    tally: Tally = {
        "outcome:counted": len(fresh.events) - len(invalid),
        "outcome:duplicate": len(judged.events) - len(fresh.events),
        "outcome:invalid_traffic": len(invalid),
        "outcome:refused": refused.total(),
        **refused,
    }
    return merge([tally, *({name: count} for name, count in invalid)])

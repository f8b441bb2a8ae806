"""A campaign file and a log of events, small enough to work every number out by hand."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.system.support import oracle
from tests.system.support.document import Document, microseconds, read_document
from tests.system.support.judging import TYPES, Record
from tests.system.support.ledger import Ledger, fold
from tests.system.support.naming import Series, key

NOW = microseconds("2026-11-11T00:00:00Z")
SECOND = 1_000_000
DAY = 86_400 * SECOND
# Ten days into a flight of thirty.
RAW: dict[str, Any] = {
    "currency_rates": {"date": "2026-11-01", "base": "EUR", "rates": {"USD": 1.25, "GBP": 0.8}},
    "emv_cards": {
        "card": {
            "currency": "USD",
            "channels": {
                "instagram": {"impression": 5.0, "like": 0.5},
                "default": {"click": 2.0, "video_view": 0.1},
            },
        },
        "bare": {"currency": "EUR", "channels": {"tiktok": {"like": 1.0}}},
    },
    "campaigns": [
        {
            "id": "c",
            "name": "C",
            "owner": "team",
            "currency": "EUR",
            "starts": "2026-11-01T00:00:00Z",
            "ends": "2026-12-01T00:00:00Z",
            "budget": 1000,
            "influencers": ["ana", "ben", "eve"],
            "emv_card": "card",
            "thresholds": {"cpa_max": 25, "sentiment_min": -0.1},
            "min_sample": {"cpa": 0, "roi": 20},
            "target": {"size": 50, "audience": {"country": ["FR", "be"], "interests": ["food", "craft"]}},
            "values": {
                "weights": {"ecology": 2, "craft": 1},
                "scored_on": "2026-10-20",
                "scores": {"ana": {"ecology": 80, "craft": 50}, "eve": {"craft": 30}, "ben": {}},
            },
            "costs": [
                {"influencer": "ana", "flat_fee": 300},
                {"influencer": "ana", "content": "a1", "flat_fee": 30},
                {"influencer": "ben", "cpm": 8.0, "cpc": 0.5, "cpa": 5.0, "revenue_share": 0.1},
                {"influencer": "eve", "flat_fee": 60},
                {"influencer": "ben", "content": "b-to-come", "flat_fee": 90},
                {
                    "influencer": "ben",
                    "spend": 40,
                    "from": "2026-11-10T12:00:00Z",
                    "to": "2026-11-11T12:00:00Z",
                },
            ],
        },
        {
            "id": "free",
            "name": "Free",
            "currency": "USD",
            "starts": "2026-11-01T00:00:00Z",
            "ends": "2026-11-10T00:00:00Z",
            "grace": "2d",
            "adjustments_until": "36h",
            "emv_card": "bare",
        },
    ],
}
DOCUMENT: Document = read_document(RAW)


def changed(**fields: Any) -> Document:
    """Return the file with another campaign `c`."""
    first, *others = RAW["campaigns"]
    return read_document({**RAW, "campaigns": [{**first, **fields}, *others]})


class Log:
    """Records as Kafka would give them back; every one arrives at NOW unless told."""

    def __init__(self, document: Document = DOCUMENT) -> None:
        self.records: list[Record] = []
        self.document = document

    def add(self, topic: str, ago: int = 60, arrival: int = NOW, **fields: Any) -> "Log":
        """Add an event of ana's a1 on instagram, so many seconds ago, without fields that are "absent"."""
        number = len(self.records)
        time = {"event_time": _text(NOW - ago * SECOND), "event_id": f"e{number}"}
        place = {"influencer_id": "ana", "content_id": "a1", "channel": "instagram", "campaign_id": "c"}
        event = {"type": TYPES[topic], **time, **place, **fields}
        event = {name: value for name, value in event.items() if value != "absent"}
        self.records.append(Record(topic, 0, number, arrival, None, json.dumps(event).encode()))
        return self

    def fold(self, assume_consent: bool = False) -> Ledger:
        """Fold what was added."""
        return fold(self.records, self.document, assume_consent)

    def series(self) -> Series:
        """Return what must be shown at NOW."""
        return oracle.series(self.fold(), NOW)


def _text(time: int) -> str:
    return datetime.fromtimestamp(time / SECOND, UTC).isoformat()


def value(series: Series, name: str, /, **labels: str) -> float | None:
    """Find a series of the campaign `c`, or of another that is named."""
    return series.get(key(name, **{"campaign": "c", **labels}))


def campaign(series: Series, name: str, /, window: str = "flight", **labels: str) -> float | None:
    """Find a series of the campaign `c` at campaign scope."""
    return value(series, f"kpi_campaign_{name}", window=window, **labels)

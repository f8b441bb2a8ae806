"""A campaign file as the contract reads it: times in microseconds, defaults filled in, money converted."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.system.support.rules import Rules, rules_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def microseconds(text: str) -> int:
    """Read an RFC 3339 time; a leap second `:60` is the second after `:59`."""
    leap = text[16:19] == ":60"
    plain = f"{text[:17]}59{text[19:]}" if leap else text
    return (datetime.fromisoformat(plain.upper()) - _EPOCH) // timedelta(microseconds=1) + leap * 1_000_000


def _duration(text: str) -> int:
    found = re.fullmatch(r"(\d+)([smhdw])", text)
    assert found is not None, text
    number, unit = found.groups()
    return int(number) * _UNITS[unit] * 1_000_000


@dataclass(frozen=True)
class Campaign:
    """One campaign of the file; costs, thresholds, samples, target and values as they are written there.

    `goals`: the kinds of conversion that CPA and ROI count; None where all do.
    """

    id: str
    name: str
    owner: str
    currency: str
    starts: int
    ends: int
    grace: int
    adjustments_until: int
    budget: float | None
    influencers: frozenset[str]
    goals: frozenset[str] | None
    costs: tuple[dict[str, Any], ...]
    card: str
    thresholds: dict[str, float]
    min_sample: dict[str, float]
    target: dict[str, Any] | None
    values: dict[str, Any]
    rules: Rules

    def status(self, now: int) -> str:
        """Name where in its life the campaign is."""
        if now < self.starts:
            return "scheduled"
        if now < self.ends:
            return "running"
        return "grace" if now < self.ends + self.grace else "ended"

    def aims_at(self, kind: str) -> bool:
        """Return whether a kind of conversion is one of the campaign's goals."""
        return self.goals is None or kind in self.goals

    def shown(self, now: int) -> bool:
        """Return whether the campaign is on /metrics: until 24 h after its grace."""
        return now < self.ends + self.grace + 24 * 3_600_000_000


@dataclass(frozen=True)
class Document:
    """A whole campaign file."""

    campaigns: dict[str, Campaign]
    cards: dict[str, dict[str, Any]]
    rates: dict[str, float] = field(default_factory=dict)


def read_document(raw: dict[str, Any]) -> Document:
    """Read what a campaign file's YAML holds."""
    rates = raw.get("currency_rates")
    return Document(
        campaigns={entry["id"]: _campaign(entry) for entry in raw["campaigns"]},
        cards=raw.get("emv_cards", {}),
        rates={**rates["rates"], rates["base"]: 1.0} if rates else {},
    )


def _campaign(raw: dict[str, Any]) -> Campaign:
    return Campaign(
        id=raw["id"],
        name=raw["name"],
        owner=raw.get("owner", ""),
        currency=raw["currency"],
        starts=microseconds(raw["starts"]),
        ends=microseconds(raw["ends"]),
        grace=_duration(raw.get("grace", "7d")),
        adjustments_until=_duration(raw.get("adjustments_until", "45d")),
        budget=raw.get("budget"),
        influencers=frozenset(raw.get("influencers", ())),
        goals=frozenset(raw["goals"]) if "goals" in raw else None,
        costs=tuple(raw.get("costs", ())),
        card=raw["emv_card"],
        thresholds=raw.get("thresholds", {}),
        min_sample=raw.get("min_sample", {}),
        target=raw.get("target"),
        values=raw.get("values", {}),
        rules=rules_of(raw.get("authenticity", {})),
    )


def knows_currency(document: Document, currency: str | None, into: str) -> bool:
    """Return whether an amount can be converted."""
    return currency == into or {currency, into} <= document.rates.keys()


def convert(document: Document, amount: float, currency: str, into: str) -> float:
    """Convert an amount at the file's rates (units of a currency for one of the base)."""
    if currency == into:
        return amount
    return amount / document.rates[currency] * document.rates[into]

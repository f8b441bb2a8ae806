"""The campaigns of the tests: every kind of cost, target and scorecard, at every point of a flight's life."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.system.support.forging import FORGED
from tests.system.support.rules import DEFAULTS

# Who publishes what, where, by campaign; traffic draws from this, so that every leaf is seen.
Cast = dict[str, dict[str, dict[str, list[str]]]]

RATES = {"date": "2026-11-20", "base": "EUR", "rates": {"USD": 1.08, "GBP": 0.84, "CHF": 0.93, "IRR": 48_000}}
CARDS = {
    "house": {
        "currency": "EUR",
        "channels": {
            "instagram": {"impression": 5.0, "like": 0.07, "comment": 3.46, "click": 0.4},
            "tiktok": {"impression": 6.89, "like": 0.09, "comment": 3.52, "share": 1.72, "video_view": 0.01},
        },
    },
    "catch-all": {
        "currency": "EUR",
        "channels": {
            "youtube": {"like": 0.08, "comment": 6.99},
            "default": {"impression": 3.0, "share": 1.1, "save": 0.5},
        },
    },
    "dollars": {
        "currency": "USD",
        "channels": {"default": {"impression": 8.0, "click": 0.25, "follow": 2.0}},
    },
}
CAST: Cast = {
    "spring": {
        "ana": {"reel-1": ["instagram", "tiktok"], "reel-2": ["instagram"], "reel-3": ["youtube"]},
        "ben": {"post-1": ["youtube"], "post-2": ["youtube", "instagram", "tiktok"]},
        "cleo": {"clip:1": ["tiktok"]},
        "dan": {"story.1": ["instagram"], "story.2": ["snapchat"]},
        "fay": {"free-1": ["instagram"]},
        "gia": {"late-1": ["instagram"], "late-2": ["tiktok"]},
        "tot": {"t-1": ["youtube"], "t-2": ["podcast"]},
    },
    "launch-us": {
        "ana": {"reel-9": ["instagram", "youtube"], "reel-10": ["tiktok"], "reel-11": ["podcast"]},
        "gus": {"vlog": ["youtube"], "short": ["youtube", "tiktok"]},
        "hal": {"x": ["x"]},
    },
    "in-grace": {
        "ivy": {"post": ["instagram"], "note": ["linkedin"]},
        "jon": {"post": ["instagram"]},
        "kit": {"after": ["instagram"]},
    },
    "no-costs": {"kim": {"a": ["tiktok"], "b": ["twitch"]}, "lou": {"a": ["tiktok"]}},
    "just-ended": {"max": {"m1": ["instagram"], "m2": ["tiktok", "youtube"]}},
    "fresh": {"ned": {"n1": ["instagram"], "n2": ["instagram"]}, "oli": {"o1": ["tiktok"]}},
    # So many persons see it that their number is estimated.
    "crowd": {
        "uma": {"u1": ["instagram"], "u2": ["instagram", "tiktok"]},
        "vic": {"v1": ["tiktok"]},
    },
    # Nobody buys.
    "unsold": {"rae": {"r1": ["instagram"]}, "sol": {"s1": ["tiktok"]}, "tam": {"t1": ["youtube"]}},
    "unsold-by-rate": {"una": {"x1": ["instagram"]}, "val": {"y1": ["tiktok"]}},
    # Its revenue, in millionths of a rial, does not fit 63 bits.
    "bazaar": {"bo": {"rug": ["instagram"]}, "cyd": {"lamp": ["instagram", "tiktok"]}},
}
DEBUTS = {
    ("spring", "ana", "reel-3"): 20 * 3600,
    ("spring", "gia", "late-1"): 40 * 60,
    ("spring", "gia", "late-2"): 60,
    ("launch-us", "hal", "x"): 6 * 86_400,
    # The flight has ended when kit begins.
    ("in-grace", "kit", "after"): 20 * 3600,
}
"""Who begins in mid flight: campaign, influencer, content, and at most so many seconds ago."""
TOTALS = (("spring", "tot"), ("bazaar", "cyd"))
"""Of whom platforms report totals alone: no event of theirs carries a person."""
UNSOLD = ("unsold", "unsold-by-rate")
ORDERLESS = {"generic"}
"""The rules whose verdicts no order changes: events of most campaigns come on any topic and partition."""
CLOSED = {"to-come": "pia", "long-gone": "quin"}
# ben and cleo are not scored for every value, dan for none; eve is scored and never seen.
_SPRING_VALUES = {
    "weights": {"ecology": 2, "craft": 1, "candour": 0.5},
    "scored_on": "2026-10-20",
    "scores": {
        "ana": {"ecology": 80, "craft": 60, "candour": 33},
        "ben": {"ecology": 71.5},
        "cleo": {"craft": 0, "candour": 100},
        "dan": {},
        "eve": {"craft": 55},
    },
}


def all_campaigns(now: datetime) -> dict[str, Any]:
    """Describe all campaigns of the tests, placed around a moment."""
    return {
        "currency_rates": RATES,
        "emv_cards": CARDS,
        "campaigns": [
            _spring(now),
            _launch(now),
            _crowd(now),
            _bazaar(now),
            *_odd_flights(now),
            *_unsold(now),
            *_forged(now),
        ],
    }


def _spring(now: datetime) -> dict[str, Any]:
    return {
        **_flight("spring", now, "-12d", "18d", "EUR", card="house"),
        "owner": "team-beauty",
        "budget": 50000,
        "influencers": ["ana", "ben", "cleo", "dan", "eve", "fay", "gia", "tot"],
        "goals": ["purchase"],
        "costs": _spring_costs(now),
        "thresholds": {"cpa_max": 25, "engagement_min": 0.02, "ctr_min": 0.005, "roi_min": 0},
        "min_sample": {"roi": 20, "cpa": 0, "engagement": 50, "ctr": 100, "sentiment": 30},
        "target": {"size": 2500, "audience": {"country": ["FR", "be"], "age_band": ["18-24", "25-34"]}},
        "values": _SPRING_VALUES,
    }


def _spring_costs(now: datetime) -> list[dict[str, Any]]:
    return [
        {"influencer": "ana", "flat_fee": 12000},
        {"influencer": "ana", "flat_fee": 33.33},
        {"influencer": "ana", "content": "reel-1", "flat_fee": 500},
        {"influencer": "ben", "cpm": 8.0},
        {"influencer": "ben", "spend": 300, "from": _at(now, "-9d"), "to": _at(now, "-2d")},
        {
            "influencer": "ben",
            "content": "post-2",
            "spend": 120,
            "from": _at(now, "-6h"),
            "to": _at(now, "6h"),
        },
        {"influencer": "cleo", "cpc": 0.25},
        {"influencer": "dan", "cpa": 5.0, "revenue_share": 0.1},
        {"influencer": "eve", "flat_fee": 900},
        {"influencer": "ana", "content": "reel-3", "flat_fee": 700},
        {"influencer": "gia", "flat_fee": 1500},
        {"influencer": "gia", "content": "late-2", "flat_fee": 45},
        {"influencer": "tot", "flat_fee": 600, "cpm": 1.5},
    ]


def _launch(now: datetime) -> dict[str, Any]:
    return {
        **_flight("launch-us", now, "-11d", "3d", "USD", card="catch-all"),
        "budget": 8000.5,
        "goals": ["purchase", "signup"],
        "costs": [
            {"influencer": "ana", "flat_fee": 4000, "cpm": 2.5, "revenue_share": 0.05},
            {"influencer": "gus", "spend": 777.77, "from": _at(now, "-3h"), "to": _at(now, "1d")},
            {"influencer": "gus", "flat_fee": 250, "cpc": 0.1},
            {"influencer": "gus", "content": "never-made", "flat_fee": 70},
            {"influencer": "gus", "content": "vlog", "cpm": 6, "cpa": 3, "revenue_share": 0.25},
            {"influencer": "hal", "cpa": 12.5, "flat_fee": 310},
            # The flight began eleven days ago and ends in three.
            {"influencer": "hal", "spend": 900, "from": _at(now, "-14d"), "to": _at(now, "-9d")},
            {"influencer": "ana", "spend": 500, "from": _at(now, "-1d"), "to": _at(now, "20d")},
        ],
        "thresholds": {"cpa_max": 12.5, "sentiment_min": -0.2, "roi_min": 0.5},
        "min_sample": {"cpa": 5, "sentiment": 100},
        "target": {
            "size": 800,
            "audience": {"country": "us", "language": ["EN", "en-us"], "interests": ["beauty", "travel"]},
        },
        "values": {"weights": {"pluck": 3}, "scored_on": "2026-11-01", "scores": {"gus": {"pluck": 42.5}}},
    }


def _crowd(now: datetime) -> dict[str, Any]:
    return {
        **_flight("crowd", now, "-13d", "8d", "EUR", card="house"),
        "budget": 20000,
        "costs": [
            {"influencer": "uma", "cpm": 3.0, "cpa": 4.0},
            {"influencer": "vic", "flat_fee": 2500, "revenue_share": 0.2},
        ],
        "target": {"size": 150_000, "audience": {"country": ["FR", "DE", "US"]}},
    }


def _bazaar(now: datetime) -> dict[str, Any]:
    return {
        **_flight("bazaar", now, "-13d", "8d", "EUR", card="house"),
        "costs": [{"influencer": "bo", "revenue_share": 0.01}, {"influencer": "cyd", "flat_fee": 1e9}],
    }


def _unsold(now: datetime) -> list[dict[str, Any]]:
    by_rate = [{"influencer": "una", "cpa": 9, "flat_fee": 400}, {"influencer": "val", "cpa": 4.5, "cpm": 2}]
    mixed = [
        {"influencer": "rae", "cpa": 9, "flat_fee": 400},
        {"influencer": "sol", "cpa": 4.5, "revenue_share": 0.3, "cpc": 0.2},
        {"influencer": "sol", "content": "s1", "cpa": 2},
    ]
    return [
        {**_flight("unsold", now, "-14d", "14d", "USD", card="catch-all"), "costs": mixed},
        {**_flight("unsold-by-rate", now, "-14d", "14d", "USD", card="catch-all"), "costs": by_rate},
    ]


def _odd_flights(now: datetime) -> list[dict[str, Any]]:
    ivy = [{"influencer": "ivy", "flat_fee": 3100}, {"influencer": "jon", "cpm": 4.2}]
    kit = [{"influencer": "kit", "flat_fee": 120}, {"influencer": "ivy", "content": "post", "flat_fee": 11}]
    maximum = [{"influencer": "max", "flat_fee": 640, "cpa": 1.5}]
    ned = [{"influencer": "ned", "flat_fee": 960}, {"influencer": "oli", "cpc": 0.3, "flat_fee": 96}]
    return [
        {
            **_flight("in-grace", now, "-30d", "-30h", "GBP", card="catch-all"),
            "grace": "3d",
            "adjustments_until": "1d",
            "budget": 3000,
            "costs": ivy + kit,
            "target": {"size": 90, "audience": {"country": ["UK", "FR"], "language": "en"}},
        },
        _flight("no-costs", now, "-5d", "20d", "EUR", card="dollars"),
        {**_flight("just-ended", now, "-20d", "-60h", "EUR", card="house"), "grace": "2d", "costs": maximum},
        {**_flight("fresh", now, "-15h", "81h", "CHF", card="dollars"), "costs": ned, "budget": 1056}
        | {"goals": ["download"]}
        | {"target": {"size": 500, "audience": {"interests": "beauty", "language": "fr"}}}
        | {"values": {"weights": {"calm": 1}, "scored_on": "2026-11-01", "scores": {}}},
        {
            **_flight("to-come", now, "2d", "9d", "EUR", card="house"),
            "costs": [{"influencer": "pia", "flat_fee": 10}],
        },
        {**_flight("long-gone", now, "-60d", "-40d", "EUR", card="house"), "grace": "1d"},
    ]


def _forged(now: datetime) -> list[dict[str, Any]]:
    threshold = {"thresholds": {"authenticity_min": 0.9}}
    return [
        {**_flight(name, now, "-2d", "12d", "EUR", card="house"), **threshold, "authenticity": rules}
        for name, rules in FORGED.items()
    ]


def _flight(name: str, now: datetime, starts: str, ends: str, currency: str, card: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": f"Campaign “{name}”",
        "starts": _at(now, starts),
        "ends": _at(now, ends),
        "currency": currency,
        "emv_card": card,
        "authenticity": dict.fromkeys(DEFAULTS.keys() - ORDERLESS, "off"),
    }


def _at(now: datetime, offset: str) -> str:
    hours = int(offset[:-1]) * (24 if offset.endswith("d") else 1)
    return (now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def write_yaml(raw: dict[str, Any], path: Path) -> Path:
    """Write a campaign file as a person would: times without quotes."""
    text = yaml.safe_dump(raw, sort_keys=False, allow_unicode=True)
    path.write_text(re.sub(r"'(\d{4}-\d\d-\d\d(T[\d:]+Z)?)'", r"\1", text), encoding="utf-8")
    return path

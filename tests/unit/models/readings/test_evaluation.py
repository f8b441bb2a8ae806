"""Campaigns are worked out together: what comes to each is what comes to it alone."""

from typing import Any

from models.readings.reading import read_columns
from models.readings.subject import Subject, subject_of
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry

COSTS = [
    {"influencer": "ana", "flat_fee": 300, "cpm": 2, "revenue_share": 0.1},
    {"influencer": "ben", "cpa": 3},
    {"influencer": "ana", "content": "reel-2", "cpc": 1, "flat_fee": 50},
]
TARGET = {"size": 400, "audience": {"country": "FR"}}
TERMS: list[dict[str, Any]] = [
    {"costs": COSTS, "budget": 1000},
    {"costs": COSTS[:1], "target": TARGET},
    {"costs": COSTS[1:], "goals": ["signup"]},
    {"currency": "USD", "costs": COSTS},
    {"values": {"weights": {"craft": 1}, "scored_on": "2026-10-20", "scores": {"ana": {"craft": 80}}}},
    {"emv_card": "missing", "target": TARGET},
    {"goals": ["purchase"], "budget": 10},
    {},
]


def subjects() -> list[Subject]:
    """Read campaigns on different terms, which count alike but for their channels and how much."""
    declared = [campaign(id=f"c{at}", name=f"C{at}", **terms) for at, terms in enumerate(TERMS)]
    known = registry(*declared)
    feed = Feed(new_state(known))
    for at in range(len(declared) - 1):
        common: dict[str, Any] = {
            "campaign_id": f"c{at}",
            "channel": ("instagram", "tiktok", "radio")[at % 3],
        }
        for who, what in (("ana", "reel-1"), ("ana", "reel-2"), ("ben", "reel-1"))[at % 2 :]:
            leaf: dict[str, Any] = {**common, "influencer_id": who, "content_id": what}
            feed.send("impression", count=10 + at, person_id=f"p{at}", consent=True, **leaf)
            feed.send("click", count=1 + at, **leaf)
            feed.send("engagement", count=2 + at, sentiment="positive", **leaf)
            for currency, kind in (("USD", "signup"), ("GBP", "purchase"), ("EUR", "purchase"))[at % 3 :]:
                sale: dict[str, Any] = {"revenue": 9.9 + at / 7, "currency": currency, "kind": kind}
                feed.send("conversion", order_id=f"{who}{what}{currency}", **sale, **leaf)
    feed.state.expire(NOON)
    return [subject_of(feed.state, one, known, NOON) for one in declared]


def test_together_each_comes_to_what_it_comes_to_alone() -> None:
    read = subjects()
    together = [(one.campaign.id, columns) for one, columns in read_columns(read)]

    for one in read:
        alone = [list(columns.rows()) for _, columns in read_columns([one])]
        assert [list(columns.rows()) for name, columns in together if name == one.campaign.id] == alone

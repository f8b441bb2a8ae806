"""Columns of many keys say what each key's reading says, to the last bit."""

from typing import Any

import numpy as np
import pytest

from models.kpis.catalogue import KPIS
from models.readings.block_points import columns_of
from models.readings.blocks import block_of
from models.readings.points import points
from models.readings.reading import read_columns, readings_of
from models.readings.subject import Subject, subject_of
from models.scopes import ALL_SCOPES, ScopeName
from models.times import DAY, MINUTE
from tests.unit.models.building import NOON, Feed, campaign, new_state, registry, rfc3339

Points = dict[tuple[Any, ...], float]
COSTS = [
    {"influencer": "ana", "flat_fee": 300, "cpm": 4.0, "cpa": 3.0, "revenue_share": 0.1},
    {"influencer": "ana", "content": "reel-1", "cpc": 0.5, "flat_fee": 70},
    {"influencer": "cleo", "spend": 90, "from": "2026-11-02T00:00:00Z", "to": "2026-11-12T00:00:00Z"},
]
GLOW = campaign(
    costs=COSTS,
    budget=500.0,
    goals=["purchase"],
    target={"size": 9, "audience": {"country": "FR"}},
    values={"weights": {"craft": 1}, "scored_on": "2026-10-20", "scores": {"ana": {"craft": 80}}},
    thresholds={"cpa_max": 25.0, "roi_min": 0.0, "engagement_min": 0.1, "ctr_min": 0.1, "sentiment_min": 0.0},
)
FROST = campaign(id="frost", name="Frost", currency="USD")


def subjects() -> list[Subject]:
    """Read two campaigns of which nearly everything is known, and nearly nothing."""
    known = registry(GLOW, FROST)
    feed = Feed(new_state(known))
    feed.state.expire(NOON)
    then = rfc3339(NOON - 2 * MINUTE)
    for number in range(150):
        person: dict[str, Any] = {
            "person_id": f"p{number % 60}",
            "consent": number % 9 != 0,
            "audience": {"country": "FR"},
        }
        content = f"reel-{number % 3}"
        feed.send("impression", event_time=then, content_id=content, **person)
        if number % 4 == 0:
            feed.send("click", event_time=then, content_id=content, count=1 + number % 3, **person)
            feed.send("engagement", kind="mention", sentiment="positive", influencer_id="ben", **person)
    feed.send("impression", count=400, event_time=rfc3339(NOON - 3 * DAY), campaign_id="frost")
    for number, currency in enumerate(("EUR", "USD", "CHF")):
        feed.send("conversion", order_id=f"o{number}", revenue=20.0 + number, currency=currency)
        feed.send("conversion", kind="signup", order_id=f"s{number}", influencer_id="ben")
    feed.state.expire(NOON)
    return [subject_of(feed.state, one, known, NOON) for one in (GLOW, FROST)]


def of_readings(scope: ScopeName, read: list[Subject]) -> Points:
    found: Points = {}
    for subject in read:
        for _, columns in read_columns([subject]):
            for reading in readings_of(columns) if columns.scope == scope else ():
                for kpi in KPIS:
                    for point in points(kpi, reading):
                        for side, value in enumerate((point.value, *point.bounds, *point.always)):
                            if value is not None:
                                found[kpi.id, reading.scope, reading.window, point.part, side] = float(value)
    return found


def of_blocks(scope: ScopeName, read: list[Subject]) -> Points:
    parts = [(columns, "EUR") for _, columns in read_columns(read)]
    block = block_of([(columns, currency) for columns, currency in parts if columns.scope == scope])
    found: Points = {}
    for kpi in KPIS:
        for part, lines, columns in columns_of(kpi, block) if scope in kpi.scopes else ():
            for side, column in enumerate(columns):
                for line in [] if column is None else np.flatnonzero(~np.isnan(column)).tolist():
                    assert column is not None
                    key = block.keys[int(lines[line])], block.windows[int(lines[line])]
                    found[kpi.id, *key, part, side] = float(column[line])
    return found


@pytest.mark.parametrize("scope", ALL_SCOPES)
def test_a_column_says_what_each_reading_says(scope: ScopeName) -> None:
    read = subjects()

    expected = of_readings(scope, read)

    assert len(expected) > 50
    assert of_blocks(scope, read) == expected


def test_the_campaign_that_is_read_knows_nearly_every_kpi() -> None:
    seen = {kpi for scope in ALL_SCOPES for kpi, *_ in of_readings(scope, subjects())}

    assert {kpi.id for kpi in KPIS} - seen <= {"revenue", "roi_ratio", "emv", "emv_to_invested_ratio"}

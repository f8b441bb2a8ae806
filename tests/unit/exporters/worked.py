"""One small campaign, worked through: what tests/golden/metrics shows of it can be checked by hand.

Noon of 10 November: 9.5 of the flight's 30 days have passed. All events happened at 11:50, so they are in
each window but the shortest; but 100 impressions of two days ago are in the flight and 7d alone. From them to
the flight's end are 22.5 days, so a fee of 2250 is 100 a day. The second like of one moment is a burst here.
"""

from functools import cache
from typing import Any

from prometheus_client.core import Metric

from exporters.collector import KpiCollector
from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.kpis.catalogue import KPIS
from models.metrics.kpi_metrics import always_sides_of, metric_name, sides_of
from models.readings.pipeline import Histogram, Pipeline, TextRating
from models.state.shard_state import ShardState
from models.state.shard_states import ShardStates, only
from models.tally import Tally
from models.times import DAY, MINUTE, SECOND
from models.topics import INPUT_TOPICS
from tests.unit.models.building import BOT, NOON, Feed, campaign, new_state, registry, rfc3339

CATALOGUED = {
    metric_name(scope, kpi, side): (scope, kpi)
    for kpi in KPIS
    for scope in kpi.scopes
    for side in (None, *sides_of(scope, kpi), *always_sides_of(scope, kpi))
}

PRAISE = {"text": "hieno", "language": "fi"}
"""A word in a language that is not rated."""
THEN = NOON - 10 * MINUTE
LONG_AGO = NOON - 2 * DAY


def worked_campaign() -> Campaign:
    """Declare the campaign."""
    return campaign(
        owner="team-beauty",
        budget=4000.0,
        costs=[{"influencer": "ana", "flat_fee": 2250.0}],
        target={"size": 400, "audience": {"country": "FR"}},
        values={"weights": {"craft": 1}, "scored_on": "2026-10-20", "scores": {"ana": {"craft": 80}}},
        thresholds={"cpa_max": 25.0, "sentiment_min": 0.0},
        authenticity={"burst": {"in_10_seconds": 1}},
    )


def worked_fold(known: Registry) -> ShardState:
    """Apply its events."""
    state = new_state(known)
    state.expire(NOON)
    feed = Feed(state)
    then: dict[str, Any] = {"event_time": rfc3339(THEN)}
    for person, country in (("p1", "FR"), ("p1", "FR"), ("p2", "ES"), ("p1", "FR")):
        feed.send("impression", person_id=person, consent=True, audience={"country": country}, **then)
    for _ in range(96):
        feed.send("impression", person_id="p2", consent=True, **then)
    feed.send("impression", count=100, event_time=rfc3339(LONG_AGO))
    feed.send("impression", user_agent=BOT, **then)
    feed.send("impression", event_id="same", campaign_id="other", **then)
    feed.send("click", count=2, event_id="twice", **then)
    feed.send("click", count=2, event_id="twice", **then)
    fan = {"person_id": "p1", "consent": True}
    for kind, about in (("like", fan), ("like", fan), ("comment", PRAISE), ("video_view", {})):
        feed.send("engagement", kind=kind, **about, **then)
    for polarity in ("positive", "positive", "negative"):
        feed.send("engagement", kind="mention", sentiment=polarity, **then)
    feed.send("conversion", order_id="o1", revenue=100.0, currency="EUR", **then)
    feed.send("conversion", order_id="o2", revenue=25.0, currency="USD", **then)
    feed.send("conversion", kind="signup", order_id="s1", **then)
    feed.send("conversion", status="cancelled", order_id="o2", **then)
    state.expire(NOON)
    return state


def pipeline_of(
    state: ShardState | None,
    known: Registry | None = None,
    *,
    restored: bool = True,
    max_series: int = 200_000,
) -> Pipeline:
    """Return the health of a worker that holds partition 0; without a state it is catching up."""
    ledger: dict[str, Tally] = {topic: state.outcomes(topic) if state else {} for topic in INPUT_TOPICS}
    freshness = Histogram()
    freshness.observe_ages([NOON - round(seconds * SECOND) for seconds in (0.03, 0.2, 7000.0)], NOON)
    return Pipeline(
        states=only(state) if state else ShardStates({}, lambda _: 0),
        registry=known or registry(worked_campaign()),
        ledger=ledger if restored else None,
        lag={("impressions", 0): 3, ("clicks", 0): 0},
        durable={0: 1_794_312_000.5},
        partitions={"live": 1, "recovering": 0} if state else {"live": 0, "recovering": 1},
        freshness=freshness,
        duplicate_horizon=3600.0,
        registry_loaded=1_794_311_999.0 if restored else None,
        max_series=max_series,
        rating=TextRating("lexicon-1-abc", 2, 1, ["glow"]),
    )


@cache
def worked_pipeline() -> Pipeline:
    """Return all of it as the exporter is told; whoever shows it changes nothing."""
    known = registry(worked_campaign())
    return pipeline_of(worked_fold(known), known)


def shown(pipeline: Pipeline, now: int = NOON) -> dict[str, Metric]:
    """Return the families of a scrape by name."""
    families = list(KpiCollector(lambda: pipeline, lambda: now, "1.2.3").collect())
    assert len({family.name for family in families}) == len(families), "a family comes once"
    return {family.name: family for family in families}

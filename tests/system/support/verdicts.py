"""Whether a page's verdicts follow from what the page itself shows: bounds, threshold and sample."""

from collections.abc import Iterator

from tests.system.support.document import Campaign, Document
from tests.system.support.families import ALWAYS
from tests.system.support.naming import Key, Series, describe, key
from tests.system.support.scrape import total

VERDICT = "kpi_campaign_verdict"
FLIGHT = "flight"
SERIES = {
    "cpa": "cpa",
    "engagement": "engagement_ratio",
    "ctr": "ctr_ratio",
    "roi": "roi_ratio",
    "sentiment": "sentiment_ratio",
    "authenticity": "authenticity_ratio",
}
"""The series of each KPI that has a threshold."""
SAMPLES = {
    "cpa": "goal_conversions",
    "engagement": "estimated_reach_persons",
    "ctr": "impressions",
    "roi": "goal_conversions",
    "sentiment": "rated_mentions",
    "authenticity": "judged_interactions",
}
"""What its smallest sample counts."""


def undue(shown: Series, document: Document) -> list[str]:
    """Say which verdicts on the flight, and bounds of every look that they need, are missing or not right.

    Right is what the page's own numbers come to.
    """
    found = []
    for family, labels in shown:
        if family == "kpi_campaign_info":
            campaign = document.campaigns[dict(labels)["campaign"]]
            found += [*_unbounded(shown, campaign), *_undue(shown, campaign)]
    return found


def _unbounded(shown: Series, campaign: Campaign) -> Iterator[str]:
    for kpi in SERIES:
        for end in ALWAYS:
            needed = _key(campaign, kpi, end)
            if _key(campaign, kpi, "") in shown and needed not in shown:
                yield f"{describe(needed)} is absent beside its value"


def _key(campaign: Campaign, kpi: str, end: str) -> Key:
    money = {"currency": campaign.currency} if kpi == "cpa" else {}
    return key(f"kpi_campaign_{SERIES[kpi]}{end}", campaign=campaign.id, window=FLIGHT, **money)


def _undue(shown: Series, campaign: Campaign) -> Iterator[str]:
    for threshold, limit in campaign.thresholds.items():
        kpi, side = threshold.rsplit("_", 1)
        name = key(VERDICT, campaign=campaign.id, kpi=kpi, window=FLIGHT)
        wanted = _verdict(shown, campaign, kpi, side, limit)
        if shown.get(name) != wanted:
            yield f"{describe(name)} is {shown.get(name)!r}, but the page says {wanted}"


def _verdict(shown: Series, campaign: Campaign, kpi: str, side: str, limit: float) -> int:
    """Return 1 for keeps, −1 for beyond, 0 for too early to say."""
    low, high = (shown.get(_key(campaign, kpi, end)) for end in ALWAYS)
    least = shown.get(key("kpi_campaign_min_sample", campaign=campaign.id, kpi=kpi), 0.0)
    sample = total(shown, f"kpi_campaign_{SAMPLES[kpi]}", campaign=campaign.id, window=FLIGHT)
    if sample < least:
        return 0
    if side == "min":
        return _side(beyond=high is not None and high < limit, keeps=low is not None and low >= limit)
    return _side(beyond=low is not None and low > limit, keeps=high is not None and high <= limit)


def _side(beyond: bool, keeps: bool) -> int:
    return -1 if beyond else int(keeps)

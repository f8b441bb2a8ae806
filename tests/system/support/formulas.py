"""The contract's formulas for one place: counts, amounts and ratios."""

from tests.system.support.fields import RATED
from tests.system.support.places import Place
from tests.system.support.tally import Tally

Value = float | dict[str, float]

RETURNED = {"conversions", "goal_conversions", "unrated_mentions"}
"""Counts from which cancellations and better reports take away; and ratings, which come a moment later."""
JUDGED = {"judged_interactions", "suspicious_interactions"}
"""Counts without bounds."""
MENTIONS = {"rated_mentions", "unrated_mentions"}
COUNTS = {"impressions", "video_views", "clicks", "interactions"} | MENTIONS | RETURNED
PEOPLE = {"reach_persons", "target_reach_persons"}
AMOUNTS = {"invested", "committed", "revenue", "emv"}
MONEY = AMOUNTS | {"cpa", "cpe", "cpm"}
LABELS = {
    "interactions": "kind",
    "conversions": "kind",
    "conversions_attributed": "by",
    "rated_mentions": "polarity",
    "suspicious_interactions": "reason",
    "noted_interactions": "reason",
}
OF_CONTENTS = (COUNTS - MENTIONS) | (MONEY - {"committed"})
OF_CONTENTS |= {"reach_persons", "estimated_reach_persons", "ctr_ratio", "engagement_ratio"}
OF_WHOM = {"conversions_attributed", "noted_interactions"}
"""What campaigns and influencers alone have."""
RATIOS = {
    "estimated_reach_persons",
    "identified_impressions_ratio",
    "frequency_ratio",
    "engagement_ratio",
    "share_ratio",
    "ctr_ratio",
    "target_coverage_ratio",
    "sentiment_ratio",
    "judged_interactions_ratio",
    "authenticity_ratio",
    "roi_ratio",
    "emv_to_invested_ratio",
}
ENOUGH = 100
"""Identified impressions below which nothing is said of the others' reach."""


def values(place: Place) -> dict[str, Value]:
    """Compute every number of a place but bounds; what is not known or divides by 0 is not there."""
    tally = place.tally
    found: dict[str, Value] = {
        "impressions": tally.impressions,
        "video_views": tally.video_views,
        "clicks": tally.clicks,
        "interactions": dict(tally.interactions()),
        "conversions": dict(tally.conversions),
        "conversions_attributed": dict(tally.attributed),
        "goal_conversions": place.goals,
        "rated_mentions": dict(tally.rated),
        "unrated_mentions": max(_said(tally) - sum(tally.rated.values()), 0),
        "judged_interactions": tally.judged,
        "suspicious_interactions": dict(tally.suspicious),
        "noted_interactions": dict(tally.noted),
        "invested": place.spent,
        "revenue": place.revenue,
    }
    if place.target_size and _reach(place) is not None:
        found["target_reach_persons"] = len(tally.targeted)
    known: dict[str, float | None] = {
        "reach_persons": _reach(place),
        "estimated_reach_persons": _estimated_reach(place),
        "committed": place.committed,
        "emv": place.media_value,
    }
    found |= {name: value for name, value in known.items() if value is not None}
    return found | {name: over / under for name, (over, under) in _ratios(place).items() if under}


def bounds_of_people(place: Place) -> dict[str, Value]:
    """Compute the bounds of persons: they are the people themselves, where everybody is remembered."""
    found = values(place)
    names = [name for name in (*PEOPLE, "target_coverage_ratio") if name in found]
    return {f"{name}_{end}": found[name] for name in names for end in ("lower", "upper")}


def unknown(place: Place) -> list[str]:
    """Name what must not be shown, not even as 0: something is there, and nothing is known of it."""
    unreached = ("reach_persons", "target_reach_persons") * (_reach(place) is None)
    estimated = ("estimated_reach_persons",) * (_estimated_reach(place) is None)
    unpriced = ("emv",) * (place.media_value is None and place.tally != Tally())
    return [*unreached, *estimated, *unpriced]


def _said(tally: Tally) -> int:
    return sum(tally.interactions().get(kind, 0) for kind in RATED)


def _reach(place: Place) -> int | None:
    """Count persons; they are not known where there are impressions and none carries a person."""
    return None if place.tally.impressions and not place.tally.persons else len(place.tally.persons)


def _estimated_reach(place: Place) -> float | None:
    """Divide all impressions by the frequency of those that carry a person, if they are enough or all."""
    tally = place.tally
    if tally.identified >= tally.impressions:
        return len(tally.persons)
    if tally.identified < ENOUGH:
        return None
    return tally.impressions * len(tally.persons) / tally.identified


def _ratios(place: Place) -> dict[str, tuple[float, float]]:
    tally = place.tally
    ratios: dict[str, tuple[float, float]] = {
        "identified_impressions_ratio": (min(tally.identified, tally.impressions), tally.impressions),
        "frequency_ratio": (tally.identified, len(tally.persons)),
        "engagement_ratio": (place.interactions, _estimated_reach(place) or 0),
        "share_ratio": (tally.interactions().get("share", 0), place.interactions),
        "ctr_ratio": (tally.clicks, tally.impressions),
        "target_coverage_ratio": (
            len(tally.targeted),
            0 if _reach(place) is None else place.target_size or 0,
        ),
        "judged_interactions_ratio": (min(tally.judged, place.interactions), place.interactions),
        "authenticity_ratio": (tally.judged - tally.suspicious.total(), tally.judged),
        "sentiment_ratio": (tally.rated["positive"] - tally.rated["negative"], sum(tally.rated.values())),
    }
    if place.spent:
        ratios |= _ratios_of_money(place)
    return ratios


def _ratios_of_money(place: Place) -> dict[str, tuple[float, float]]:
    tally, spent = place.tally, place.spent
    ratios: dict[str, tuple[float, float]] = {
        "cpa": (spent, place.goals),
        "cpe": (spent, place.interactions),
        "cpm": (spent * 1000, tally.impressions),
    }
    if place.gain is not None:
        ratios["roi_ratio"] = (place.gain - spent, spent)
    if place.media_value is not None:
        ratios["emv_to_invested_ratio"] = (place.media_value, spent)
    return ratios

"""The contract's formulas for one place: counts, amounts, ratios, and their bounds."""

from tests.system.support.bounds import NONE_SEEN, difference_of_shares, poisson
from tests.system.support.places import Place

Value = float | dict[str, float]

COUNTS = {"impressions", "video_views", "clicks", "interactions", "conversions", "rated_mentions"}
PEOPLE = {"reach_persons", "target_reach_persons"}
AMOUNTS = {"invested", "revenue", "emv"}
MONEY = AMOUNTS | {"cpa", "cpe", "cpm"}
LABELS = {"interactions": "kind", "conversions": "kind", "rated_mentions": "polarity"}
OF_CONTENTS = COUNTS - {"rated_mentions"} | MONEY | {"reach_persons", "ctr_ratio", "engagement_ratio"}
RATIOS = {
    "identified_impressions_ratio",
    "frequency_ratio",
    "engagement_ratio",
    "share_ratio",
    "ctr_ratio",
    "target_coverage_ratio",
    "sentiment_ratio",
    "roi_ratio",
    "emv_to_invested_ratio",
}
BOUNDED = (
    COUNTS | PEOPLE | {"target_coverage_ratio", "ctr_ratio", "engagement_ratio", "sentiment_ratio", "cpa"}
)


def values(place: Place) -> dict[str, Value]:
    """Compute every number of a place but bounds; what has a zero denominator is not there."""
    tally = place.tally
    found: dict[str, Value] = {
        "reach_persons": len(tally.persons),
        "impressions": tally.impressions,
        "video_views": tally.video_views,
        "clicks": tally.clicks,
        "interactions": dict(tally.interactions()),
        "conversions": dict(tally.conversions),
        "rated_mentions": dict(tally.rated),
        "invested": place.spent,
        "revenue": place.revenue,
        "emv": place.media_value,
    }
    if place.target_size:
        found["target_reach_persons"] = len(tally.targeted)
    return found | {name: over / under for name, (over, under) in _ratios(place).items() if under}


def _ratios(place: Place) -> dict[str, tuple[float, float]]:
    tally, reach = place.tally, len(place.tally.persons)
    ratios: dict[str, tuple[float, float]] = {
        "identified_impressions_ratio": (tally.identified, tally.impressions),
        "frequency_ratio": (tally.identified, reach),
        "engagement_ratio": (place.interactions, reach),
        "share_ratio": (tally.interactions().get("share", 0), place.interactions),
        "ctr_ratio": (tally.clicks, tally.impressions),
        "target_coverage_ratio": (len(tally.targeted), place.target_size or 0),
        "sentiment_ratio": (tally.rated["positive"] - tally.rated["negative"], sum(tally.rated.values())),
    }
    if place.spent:
        ratios |= {
            "cpa": (place.spent, place.conversions),
            "cpe": (place.spent, place.interactions),
            "cpm": (place.spent * 1000, tally.impressions),
            "roi_ratio": (place.revenue - place.spent, place.spent),
            "emv_to_invested_ratio": (place.media_value, place.spent),
        }
    return ratios


def bounds(place: Place) -> dict[str, Value]:
    """Compute the lower and upper bounds that a campaign or an influencer has.

    Those of people are the people themselves: they hold where everybody is remembered.
    """
    found: dict[str, Value] = {}
    for name, value in values(place).items():
        if name in PEOPLE:
            found |= {f"{name}_lower": value, f"{name}_upper": value}
        elif isinstance(value, dict):
            for side, end in enumerate(("lower", "upper")):
                found[f"{name}_{end}"] = {label: poisson(int(n))[side] for label, n in value.items()}
        elif name in COUNTS:
            found |= _pair(name, poisson(int(value)))
    return found | _ratio_bounds(place) | _cpa_bounds(place)


def _pair(name: str, pair: tuple[float, float]) -> dict[str, Value]:
    return {f"{name}_lower": pair[0], f"{name}_upper": pair[1]}


def _ratio_bounds(place: Place) -> dict[str, Value]:
    tally, found = place.tally, dict[str, Value]()
    for name, count, under in (
        ("ctr_ratio", tally.clicks, tally.impressions),
        ("engagement_ratio", place.interactions, len(tally.persons)),
    ):
        if under:
            lower, upper = poisson(count)
            found |= _pair(name, (lower / under, upper / under))
    if place.target_size:
        coverage = len(tally.targeted) / place.target_size
        found |= _pair("target_coverage_ratio", (coverage, coverage))
    if rated := sum(tally.rated.values()):
        pair = difference_of_shares(tally.rated["positive"], tally.rated["negative"], rated)
        found |= _pair("sentiment_ratio", pair)
    return found


def _cpa_bounds(place: Place) -> dict[str, Value]:
    """Bound CPA: costs that do not hang on conversions over the count's bounds, plus what each one costs."""
    if not place.spent:
        return {}
    if not place.conversions:
        return {"cpa_lower": place.spent / NONE_SEEN + place.least_rate}
    fixed = place.spent - place.per_conversion
    lower, upper = poisson(place.conversions)
    each = place.per_conversion / place.conversions
    return _pair("cpa", (fixed / upper + each, fixed / lower + each))

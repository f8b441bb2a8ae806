"""The KPI formulas: plain functions of a scope's figures; None where the answer is not defined."""

import math
from collections.abc import Mapping

from models.kpis.figures import Figures

LEAST_IDENTIFIED = 100
"""Below so many identified impressions the frequency says nothing of the others."""


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """Divide; None where a part is unknown, the denominator not above zero or the quotient not finite."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    quotient = numerator / denominator
    return quotient if math.isfinite(quotient) else None


def impressions(figures: Figures) -> float:
    """Count exposures."""
    return figures.tally.get("impressions", 0)


def clicks(figures: Figures) -> float:
    """Count link clicks."""
    return figures.tally.get("clicks", 0)


def video_views(figures: Figures) -> float:
    """Count video views, which are no interactions."""
    return figures.tally.get("video_views", 0)


def interactions_by_kind(figures: Figures) -> Mapping[str, float]:
    """Count engagements by kind, link clicks included."""
    return figures.families.get("interactions", {})


def interactions(figures: Figures) -> float:
    """Count interactions of every kind."""
    return sum(interactions_by_kind(figures).values())


def activity(figures: Figures) -> float:
    """Count all that people saw and did: where there is too much to show, the least active gives way."""
    return impressions(figures) + clicks(figures) + interactions(figures)


def share_rate(figures: Figures) -> float | None:
    """Divide shares by interactions of every kind."""
    return ratio(interactions_by_kind(figures).get("share", 0), interactions(figures))


def conversions_by_kind(figures: Figures) -> Mapping[str, float]:
    """Count orders less cancelled ones, by kind."""
    return figures.families.get("conversions", {})


def conversions_by_attribution(figures: Figures) -> Mapping[str, float]:
    """Count conversions whose influencer is known, by how it was found."""
    return figures.families.get("attributed", {})


def identified(figures: Figures) -> float:
    """Count impressions that carry a usable person."""
    return figures.tally.get("identified", 0)


def goal_conversions(figures: Figures) -> float:
    """Count conversions of the kinds that are goals."""
    goals = figures.goals
    return sum(
        count for kind, count in conversions_by_kind(figures).items() if goals is None or kind in goals
    )


def reach(figures: Figures) -> float | None:
    """Count distinct persons exposed; None where there are impressions and no person of them is known."""
    return None if _nobody_is_known(figures) else figures.reach.value


def all_by_identified(figures: Figures) -> float | None:
    """Divide all impressions by the identified ones, at least 1; None where too few are to tell by."""
    known, shown = identified(figures), impressions(figures)
    if known >= shown:
        return 1.0
    return shown / known if known >= LEAST_IDENTIFIED else None


def estimated_reach(figures: Figures) -> float | None:
    """Divide all impressions by the frequency: whom they reached, were the others seen as often."""
    scale, known = all_by_identified(figures), reach(figures)
    return None if scale is None or known is None else known * scale


def target_reach(figures: Figures) -> float | None:
    """Count distinct persons of the target exposed; None as reach is."""
    if figures.target_reach is None or _nobody_is_known(figures):
        return None
    return figures.target_reach.value


def target_coverage(figures: Figures) -> float | None:
    """Divide target reach by the size of the target audience."""
    return ratio(target_reach(figures), figures.target_size)


def frequency(figures: Figures) -> float | None:
    """Divide identified impressions by reach."""
    return ratio(identified(figures), figures.reach.value)


def identified_share(figures: Figures) -> float | None:
    """Divide impressions that carry a usable person by all impressions."""
    return ratio(identified(figures), impressions(figures))


def engagement_rate(figures: Figures) -> float | None:
    """Divide interactions by the reach of all impressions."""
    return ratio(interactions(figures), estimated_reach(figures))


def ctr(figures: Figures) -> float | None:
    """Divide link clicks by impressions."""
    return ratio(clicks(figures), impressions(figures))


def invested(figures: Figures) -> float | None:
    """Return what the scope has cost."""
    return None if figures.invested is None else figures.invested.total


def committed(figures: Figures) -> float | None:
    """Return what fees and spends of the whole flight and results so far come to."""
    return figures.committed


def revenue(figures: Figures) -> float | None:
    """Return the net revenue of its conversions."""
    return figures.revenue


def cpa(figures: Figures) -> float | None:
    """Divide what was invested by the conversions of the goals."""
    return ratio(invested(figures) or None, goal_conversions(figures))


def cpe(figures: Figures) -> float | None:
    """Divide what was invested by interactions."""
    return ratio(invested(figures) or None, interactions(figures))


def cpm(figures: Figures) -> float | None:
    """Divide what was invested by impressions, times 1000."""
    cost = ratio(invested(figures) or None, impressions(figures))
    return None if cost is None else cost * 1000


def roi(figures: Figures) -> float | None:
    """Divide the revenue of the goals less what was invested by what was invested."""
    cost = invested(figures)
    if figures.goal_revenue is None or cost is None:
        return None
    return ratio(figures.goal_revenue - cost, cost)


def emv(figures: Figures) -> float | None:
    """Return the earned media value."""
    return figures.emv


def emv_to_invested(figures: Figures) -> float | None:
    """Divide the earned media value by what was invested."""
    return ratio(figures.emv, invested(figures))


def rated_by_polarity(figures: Figures) -> Mapping[str, float]:
    """Count rated mentions by polarity."""
    return figures.families.get("rated", {})


def sentiment(figures: Figures) -> float | None:
    """Divide positive less negative mentions by all that are rated, neutral ones included."""
    rated = rated_by_polarity(figures)
    return ratio(rated.get("positive", 0) - rated.get("negative", 0), sum(rated.values()))


def values_alignment(figures: Figures) -> float | None:
    """Return the weighted score of the brand's values."""
    return figures.alignment


def budget_spent(figures: Figures) -> float | None:
    """Divide what the flight has cost by the budget."""
    return ratio(invested(figures), figures.budget)


def pacing(figures: Figures) -> float | None:
    """Divide the share of the budget that is spent by the share of the flight that has passed."""
    return ratio(budget_spent(figures), figures.elapsed)


def forecast_spent(figures: Figures) -> float | None:
    """Divide by the budget what the flight will have cost at its end, if results go on as they have."""
    plan = figures.forecast
    if plan is None:
        return None
    growth = 1 + (plan.remaining / plan.elapsed if plan.elapsed else 0.0)
    return ratio(plan.fixed + plan.variable * growth, figures.budget)


def _nobody_is_known(figures: Figures) -> bool:
    # A campaign that is long over has its impressions still, and has let its people go.
    return impressions(figures) > 0 and figures.reach.value == 0

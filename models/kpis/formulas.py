"""The KPI formulas: plain functions of a scope's figures; None where the answer is not defined.

Figures may be those of one key, or columns of many (models.kpis.numbers): formulas are written once for both.
"""

from collections.abc import Mapping
from typing import Any

from models.kinds import ENGAGEMENTS
from models.kpis.figures import Figures
from models.kpis.numbers import above, known, less, product, ratio, some, where
from models.statistics.intervals import Number

LEAST_IDENTIFIED = 100
"""Below so many identified impressions the frequency says nothing of the others."""
_SAID = tuple(kind.name for kind in ENGAGEMENTS if kind.rated)
"""The kinds of engagement that say something."""


def impressions(figures: Figures) -> Number:
    """Count exposures."""
    return figures.tally.get("impressions", 0)


def clicks(figures: Figures) -> Number:
    """Count link clicks."""
    return figures.tally.get("clicks", 0)


def video_views(figures: Figures) -> Number:
    """Count video views, which are no interactions."""
    return figures.tally.get("video_views", 0)


def interactions_by_kind(figures: Figures) -> Mapping[str, Number]:
    """Count engagements by kind, link clicks included."""
    return figures.families.get("interactions", {})


def interactions(figures: Figures) -> Number:
    """Count interactions of every kind."""
    return sum(interactions_by_kind(figures).values())


def activity(figures: Figures) -> Number:
    """Count all that people saw and did: where there is too much to show, the least active gives way."""
    return impressions(figures) + clicks(figures) + interactions(figures)


def share_rate(figures: Figures) -> Number:
    """Divide shares by interactions of every kind."""
    return ratio(interactions_by_kind(figures).get("share", 0), interactions(figures))


def conversions_by_kind(figures: Figures) -> Mapping[str, Number]:
    """Count orders less cancelled ones, by kind."""
    return figures.families.get("conversions", {})


def conversions_by_attribution(figures: Figures) -> Mapping[str, Number]:
    """Count conversions whose influencer is known, by how it was found."""
    return figures.families.get("attributed", {})


def identified(figures: Figures) -> Number:
    """Count impressions that carry a usable person."""
    return figures.tally.get("identified", 0)


def goal_conversions(figures: Figures) -> Number:
    """Count conversions of the kinds that are goals."""
    return sum(count * is_goal(figures, kind) for kind, count in conversions_by_kind(figures).items())


def is_goal(figures: Figures, kind: str) -> Any:
    """Return whether conversions of a kind are a goal; of columns, of which keys."""
    goals = figures.goals
    if goals is None:
        return True
    return goals.get(kind, False) if isinstance(goals, Mapping) else kind in goals


def reach(figures: Figures) -> Number:
    """Count distinct persons exposed; None where there are impressions and no person of them is known."""
    return where(_nobody_is_known(figures), None, figures.reach.value)


def all_by_identified(figures: Figures) -> Number:
    """Divide all impressions by the identified ones, at least 1; None where too few are to tell by."""
    known, shown = identified(figures), impressions(figures)
    return where(known >= shown, 1.0, where(known >= LEAST_IDENTIFIED, ratio(shown, known)))


def estimated_reach(figures: Figures) -> Number:
    """Divide all impressions by the frequency: whom they reached, were the others seen as often."""
    return product(reach(figures), all_by_identified(figures))


def target_reach(figures: Figures) -> Number:
    """Count distinct persons of the target exposed; None as reach is."""
    return (
        None
        if figures.target_reach is None
        else where(_nobody_is_known(figures), None, figures.target_reach.value)
    )


def target_coverage(figures: Figures) -> Number:
    """Divide target reach by the size of the target audience."""
    return ratio(target_reach(figures), figures.target_size)


def frequency(figures: Figures) -> Number:
    """Divide identified impressions by reach."""
    return ratio(identified(figures), figures.reach.value)


def identified_share(figures: Figures) -> Number:
    """Divide impressions that carry a usable person by all impressions; at most 1, where totals fell."""
    known, shown = identified(figures), impressions(figures)
    return ratio(where(known > shown, shown, known), shown)


def engagement_rate(figures: Figures) -> Number:
    """Divide interactions by the reach of all impressions."""
    return ratio(interactions(figures), estimated_reach(figures))


def ctr(figures: Figures) -> Number:
    """Divide link clicks by impressions."""
    return ratio(clicks(figures), impressions(figures))


def invested(figures: Figures) -> Number:
    """Return what the scope has cost."""
    return None if figures.invested is None else figures.invested.total


def committed(figures: Figures) -> Number:
    """Return what fees and spends of the whole flight and results so far come to."""
    return figures.committed


def revenue(figures: Figures) -> Number:
    """Return the net revenue of its conversions."""
    return figures.revenue


def cpa(figures: Figures) -> Number:
    """Divide what was invested by the conversions of the goals."""
    return ratio(some(invested(figures)), goal_conversions(figures))


def cpe(figures: Figures) -> Number:
    """Divide what was invested by interactions."""
    return ratio(some(invested(figures)), interactions(figures))


def cpm(figures: Figures) -> Number:
    """Divide what was invested by impressions, times 1000."""
    return product(ratio(some(invested(figures)), impressions(figures)), 1000)


def roi(figures: Figures) -> Number:
    """Divide the revenue of the goals less what was invested by what was invested."""
    cost = invested(figures)
    return ratio(less(figures.goal_revenue, cost), cost)


def emv(figures: Figures) -> Number:
    """Return the earned media value."""
    return figures.emv


def emv_to_invested(figures: Figures) -> Number:
    """Divide the earned media value by what was invested."""
    return ratio(figures.emv, invested(figures))


def rated_by_polarity(figures: Figures) -> Mapping[str, Number]:
    """Count rated mentions by polarity."""
    return figures.families.get("rated", {})


def unrated(figures: Figures) -> Number:
    """Count comments, mentions and replies without a rating; none where totals of them fell since."""
    said = sum(interactions_by_kind(figures).get(kind, 0) for kind in _SAID)
    return above(said - sum(rated_by_polarity(figures).values()))


def sentiment(figures: Figures) -> Number:
    """Divide positive less negative mentions by all that are rated, neutral ones included."""
    rated = rated_by_polarity(figures)
    return ratio(rated.get("positive", 0) - rated.get("negative", 0), sum(rated.values()))


def judged(figures: Figures) -> Number:
    """Count interactions that can be told apart into organic and suspicious ones."""
    return figures.tally.get("judged", 0)


def judged_share(figures: Figures) -> Number:
    """Divide interactions that can be judged by all interactions; at most 1, where totals fell."""
    looked_at, done = judged(figures), interactions(figures)
    return ratio(where(looked_at > done, done, looked_at), done)


def suspicious_by_reason(figures: Figures) -> Mapping[str, Number]:
    """Count suspicious interactions by reason: each has one."""
    return figures.families.get("suspicious", {})


def suspicious(figures: Figures) -> Number:
    """Count suspicious interactions of every reason."""
    return sum(suspicious_by_reason(figures).values())


def noted_by_reason(figures: Figures) -> Mapping[str, Number]:
    """Count organic interactions that a rule reports, by reason."""
    return figures.families.get("noted", {})


def organic(figures: Figures) -> Number:
    """Count judged interactions that are not suspicious."""
    return above(judged(figures) - suspicious(figures))


def authenticity(figures: Figures) -> Number:
    """Divide organic interactions by those that can be judged."""
    return ratio(organic(figures), judged(figures))


def values_alignment(figures: Figures) -> Number:
    """Return the weighted score of the brand's values."""
    return figures.alignment


def budget_spent(figures: Figures) -> Number:
    """Divide what the flight has cost by the budget."""
    return ratio(invested(figures), figures.budget)


def pacing(figures: Figures) -> Number:
    """Divide the share of the budget that is spent by the share of the flight that has passed."""
    return ratio(budget_spent(figures), figures.elapsed)


def forecast_spent(figures: Figures) -> Number:
    """Divide by the budget what the flight will have cost at its end, if results go on as they have."""
    plan = figures.forecast
    if plan is None:
        return None
    growth = ratio(plan.remaining, plan.elapsed)
    return ratio(plan.fixed + plan.variable * (1 + where(known(growth), growth, 0.0)), figures.budget)


def _nobody_is_known(figures: Figures) -> Any:
    # A campaign that is long over has its impressions still, and has let its people go.
    return (impressions(figures) > 0) & (figures.reach.value == 0)

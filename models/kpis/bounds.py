"""Bounds of the KPIs: how far the truth may be from what is seen, where events come in clusters.

A count has as many independent events behind it as people, hours and aggregates show (models.kpis.clusters).
The same functions draw 95 % bounds of one look and those that hold at every look at once.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from models.kpis import formulas, likely
from models.kpis.clusters import Family
from models.kpis.figures import Figures
from models.kpis.formulas import ratio
from models.kpis.likely import Cost, Counted, Range
from models.kpis.spending import spending_at_end
from models.statistics.gamma import Z
from models.statistics.looks import ONCE, Look
from models.words import Words


class Interval(NamedTuple):
    """The bounds of a value; None where there is none."""

    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a KPI's bounds are made: the method in words, and the function of figures and the KPI's value.

    `percent` is how often they hold at one look, out of a hundred times.
    """

    method: Words
    compute: Callable[[Figures, float | None], Interval]
    percent: str = "95"


UNKNOWN = Interval(None, None)
_A_NANO = 1e-9
_FEW_TOTALS = 8.0
"""Platforms tell how often a post was shown before what came of it: from so many totals on, none is none."""
_ORDERS_DIFFER = 2.0
"""Σr² ÷ n over the squared mean of what orders are worth, where it is not known: as if exponential."""


def of_reach(figures: Figures, value: float | None) -> Interval:
    """Return the bounds of the estimate of reach; where people are remembered one by one they are equal."""
    return _around(value, figures.reach.lower, figures.reach.upper)


def of_estimated_reach(figures: Figures, value: float | None) -> Interval:
    """Join the doubt of the identified reach with that of how often the others were shown something."""
    scale = formulas.all_by_identified(figures)
    if scale is None or not value:
        return _around(value, value, value)
    reach = figures.reach
    # The frequency of all is that of the identified share s of R people, and differs by people: its relative
    # variance is (1 − s) · cv² ÷ R, nothing where all are identified.
    doubt = Z * math.sqrt((1 - 1 / scale) * figures.spread.views_apart / max(reach.value, 1.0))
    down = math.hypot(math.log(reach.value / reach.lower), doubt) if reach.lower > 0 else math.inf
    return _around(
        value,
        value * math.exp(-down),
        value * math.exp(math.hypot(math.log(reach.upper / reach.value), doubt)),
    )


def of_target_reach(figures: Figures, value: float | None) -> Interval:
    """Return the bounds of the estimate of target reach."""
    reach = figures.target_reach
    return UNKNOWN if reach is None else _around(value, reach.lower, reach.upper)


def of_target_coverage(figures: Figures, value: float | None) -> Interval:
    """Divide the bounds of target reach by the size of the target audience."""
    lower, upper = of_target_reach(figures, formulas.target_reach(figures))
    return _around(value, ratio(lower, figures.target_size), ratio(upper, figures.target_size))


def of_ctr(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Divide the bounds of the clicks by the impressions."""
    shown, clicks = formulas.impressions(figures), formulas.clicks(figures)
    least, most = likely.count_of(_counted(figures, "clicks", clicks), look)
    return _around(value, ratio(least, shown), None if _may_come_yet(figures, clicks) else ratio(most, shown))


def of_engagement(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Join the doubts of the interactions and of the estimated reach."""
    among = formulas.estimated_reach(figures)
    lower, upper = of_estimated_reach(figures, among)
    counted = _counted(figures, "interactions", formulas.interactions(figures))
    unreported = _may_come_yet(figures, counted.number)
    if value is None or not among or not lower or upper is None or unreported:
        return _around(value, ratio(likely.count_of(counted, look).lower, upper), None)
    return _within(value, likely.quotient_of(counted, among, Range(lower, upper), look))


def of_sentiment(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Bound the difference of two shares of as many independent mentions."""
    rated = formulas.rated_by_polarity(figures)
    counted = _counted(figures, "rated", sum(rated.values()))
    return _within(value, likely.mood_of(rated.get("positive", 0), rated.get("negative", 0), counted, look))


def of_cpa(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Divide fixed costs by the bounds of the conversions; add what each conversion costs.

    Without conversions there is a lower bound alone, so that an alert sees money go with nothing to show.
    """
    spent, count = figures.invested, formulas.goal_conversions(figures)
    if spent is None or spent.total <= 0:
        return UNKNOWN
    each = spent.by_conversion / count if count > 0 else spent.least_cpa
    found = likely.cost_of(Cost(spent.fees, spent.fixed - spent.fees, each), _converted(figures), look)
    return Interval(float(found.lower), None) if count <= 0 else _within(value, found)


def of_cpe(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Divide what was invested by the bounds of the interactions."""
    spent = figures.invested
    if value is None or spent is None:
        return UNKNOWN
    counted = _counted(figures, "interactions", formulas.interactions(figures))
    return _within(value, likely.cost_of(Cost(spent.fees, spent.total - spent.fees, 0.0), counted, look))


def of_roi(figures: Figures, value: float | None, look: Look = ONCE) -> Interval:
    """Bound the revenue, whose orders differ in worth, as a sum of as many independent ones.

    Fay and Feuer (1997): where orders are worth r, Σr is as sure as (Σr)² ÷ Σr² events.
    """
    spent, revenue = figures.invested, figures.goal_revenue
    if value is None or spent is None or revenue is None or revenue < _A_NANO:
        return _around(value, -1.0, None)
    orders = max(formulas.goal_conversions(figures), 1.0)
    squares = figures.goal_revenue_squares or _ORDERS_DIFFER * revenue**2 / orders
    weight = figures.spread.weight("conversions") * squares / revenue
    cost = Cost(spent.fees, spent.fixed - spent.fees, spent.by_conversion / revenue)
    counted = Counted(revenue, weight, figures.spread.apart.get("conversions", 0.0))
    return _within(value, likely.return_of(cost, counted, look))


def of_forecast(figures: Figures, value: float | None) -> Interval:
    """Divide the bounds of what the flight will have cost by the budget."""
    if value is None or figures.forecast is None:
        return UNKNOWN
    least, most = spending_at_end(figures.forecast)
    return _around(value, ratio(least, figures.budget), ratio(most, figures.budget))


def of_count(
    figures: Figures, value: float | None, family: Family, columns: Iterable[str] | None = None
) -> Interval:
    """Bound a count of a family, or of one of its kinds."""
    if value is None:
        return UNKNOWN
    return _within(value, likely.count_of(_counted(figures, family, value, columns), ONCE))


def of_conversions(figures: Figures, value: float | None) -> Interval:
    """Bound the conversions of a kind."""
    return of_count(
        figures,
        value,
        "conversions",
        [f"conversions:{kind}" for kind in formulas.conversions_by_kind(figures)],
    )


def of_goal_conversions(figures: Figures, value: float | None) -> Interval:
    """Bound the conversions of the goals, as the bounds of CPA count them."""
    return _within(value, likely.count_of(_converted(figures), ONCE))


def _converted(figures: Figures) -> Counted:
    """Return the conversions of the goals."""
    kinds = formulas.conversions_by_kind(figures)
    goals = [kind for kind in kinds if figures.goals is None or kind in figures.goals]
    columns = [f"conversions:{kind}" for kind in goals]
    return _counted(figures, "conversions", formulas.goal_conversions(figures), columns)


def _counted(figures: Figures, family: Family, count: float, columns: Iterable[str] | None = None) -> Counted:
    """Say how sure a count of a family is: by clusters, and by how many of its events stand for many.

    `columns` are those that say how many stand for many: of all that is counted there.
    """
    columns = (family,) if columns is None else columns
    tally = figures.tally
    squares = sum(tally.get(f"squares:{column}", 0) for column in columns)
    counts = sum(_whole(figures, column) for column in columns)
    aggregates = max(squares / counts - 1, 0.0) if squares and counts else 0.0
    return Counted(
        max(count, 0.0), figures.spread.weight(family) + aggregates, figures.spread.apart.get(family, 0.0)
    )


def _may_come_yet(figures: Figures, count: float) -> bool:
    """Return whether nothing is counted so far of what was shown, and that was told in a few totals."""
    shown, squares = formulas.impressions(figures), figures.tally.get("squares:impressions", 0)
    return not count and 0 < shown < squares and shown * shown / squares < _FEW_TOTALS


def _whole(figures: Figures, column: str) -> float:
    """Count what a column counts, of every kind."""
    return figures.tally.get(column, 0) or sum(figures.families.get(column, {}).values())


def _within(value: float | None, found: Range) -> Interval:
    upper = float(found.upper)
    return _around(value, float(found.lower), upper if upper < likely.ENDLESS else None)


def _around(value: float | None, lower: float | None, upper: float | None) -> Interval:
    """Keep the value inside, whatever rounding did; where it is absent there are no bounds."""
    if value is None:
        return UNKNOWN
    return Interval(
        None if lower is None else min(lower, value), None if upper is None else max(upper, value)
    )

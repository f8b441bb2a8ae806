"""Bounds of the KPIs: how far the truth may be from what is seen, where events come in clusters.

A count has as many independent events behind it as people, hours and aggregates show (models.kpis.clusters).
The same functions draw 95 % bounds of one look and those that hold at every look at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from models.kpis import formulas, likely
from models.kpis.clusters import Family
from models.kpis.figures import Figures
from models.kpis.likely import Cost, Counted, Range
from models.kpis.numbers import above, is_column, known, product, ratio, some, where
from models.kpis.spending import spending_at_end
from models.statistics.gamma import Z
from models.statistics.intervals import Number
from models.statistics.looks import ONCE, Look
from models.words import Words


class Interval(NamedTuple):
    """The bounds of a value; None where there is none. Of columns those of it are NaN."""

    lower: Number
    upper: Number


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a KPI's bounds are made: the method in words, and the function of figures and the KPI's value.

    `percent` is how often they hold at one look, out of a hundred times.
    """

    method: Words
    compute: Callable[[Figures, Number], Interval]
    percent: str = "95"


UNKNOWN = Interval(None, None)
_A_NANO = 1e-9
_FEW_TOTALS = 8.0
"""Platforms tell how often a post was shown before what came of it: from so many totals on, none is none."""
_ORDERS_DIFFER = 2.0
"""Σr² ÷ n over the squared mean of what orders are worth, where it is not known: as if exponential."""


def of_reach(figures: Figures, value: Number) -> Interval:
    """Return the bounds of the estimate of reach; where people are remembered one by one they are equal."""
    return _around(value, figures.reach.lower, figures.reach.upper)


def of_estimated_reach(figures: Figures, value: Number) -> Interval:
    """Join the doubt of the identified reach with that of how often the others were shown something."""
    scale, reach = formulas.all_by_identified(figures), figures.reach
    if value is None:
        return UNKNOWN
    with np.errstate(divide="ignore", invalid="ignore"):
        # The frequency of all is that of the identified share s of R people, and differs by people: its
        # relative variance is (1 − s) · cv² ÷ R, nothing where all are identified.
        apart = figures.spread.views_apart / np.maximum(reach.value, 1.0)
        doubt = Z * np.sqrt((1 - 1 / scale) * apart)
        down = np.hypot(np.log(np.divide(reach.value, reach.lower)), doubt)
        up = np.hypot(np.log(np.divide(reach.upper, reach.value)), doubt)
        return _around(
            value,
            _plain(where(value > 0, value * np.exp(-down), value)),
            _plain(where(value > 0, value * np.exp(up), value)),
        )


def of_target_reach(figures: Figures, value: Number) -> Interval:
    """Return the bounds of the estimate of target reach."""
    reach = figures.target_reach
    return UNKNOWN if reach is None else _around(value, reach.lower, reach.upper)


def of_target_coverage(figures: Figures, value: Number) -> Interval:
    """Divide the bounds of target reach by the size of the target audience."""
    lower, upper = of_target_reach(figures, formulas.target_reach(figures))
    return _around(value, ratio(lower, figures.target_size), ratio(upper, figures.target_size))


def of_ctr(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Divide the bounds of the clicks by the impressions."""
    shown, clicks = formulas.impressions(figures), formulas.clicks(figures)
    least, most = likely.count_of(_counted(figures, "clicks", clicks), look)
    return _around(
        value, ratio(least, shown), where(_may_come_yet(figures, clicks), None, ratio(most, shown))
    )


def of_engagement(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Join the doubts of the interactions and of the estimated reach."""
    among = formulas.estimated_reach(figures)
    lower, upper = of_estimated_reach(figures, among)
    counted = _counted(figures, "interactions", formulas.interactions(figures))
    if value is None or among is None:
        return UNKNOWN
    alone = _around(value, ratio(likely.count_of(counted, look).lower, upper), None)
    clear = (among > 0) & (lower > 0) & np.logical_not(_may_come_yet(figures, counted.number))
    if not np.any(clear):
        return alone
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        joined = _within(value, likely.quotient_of(counted, among, Range(lower, upper), look))
    return _chosen(clear, joined, alone)


def of_sentiment(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Bound the difference of two shares of as many independent mentions."""
    rated = formulas.rated_by_polarity(figures)
    counted = _counted(figures, "rated", sum(rated.values()))
    return _within(value, likely.mood_of(rated.get("positive", 0), rated.get("negative", 0), counted, look))


def of_authenticity(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Join the doubts of what is organic and of what is suspicious: of these a whole burst is one event."""
    organic = _counted(figures, "organic", formulas.organic(figures), {})
    suspicious = _counted(figures, "suspicious", formulas.suspicious(figures), {})
    return _within(value, likely.organic_of(organic, suspicious, look))


def of_cpa(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Divide fixed costs by the bounds of the conversions; add what each conversion costs.

    Without conversions there is a lower bound alone, so that an alert sees money go with nothing to show.
    """
    spent, count = figures.invested, formulas.goal_conversions(figures)
    if spent is None:
        return UNKNOWN
    by_each = ratio(spent.by_conversion, count)
    each = where(known(by_each), by_each, spent.least_cpa)
    found = likely.cost_of(Cost(spent.fees, spent.fixed - spent.fees, each), _converted(figures), look)
    bounds = _chosen(count > 0, _within(value, found), Interval(_plain(found.lower), None))
    return _chosen(spent.total > 0, bounds, UNKNOWN)


def of_cpe(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Divide what was invested by the bounds of the interactions."""
    spent = figures.invested
    if value is None or spent is None:
        return UNKNOWN
    counted = _counted(figures, "interactions", formulas.interactions(figures))
    return _within(value, likely.cost_of(Cost(spent.fees, spent.total - spent.fees, 0.0), counted, look))


def of_roi(figures: Figures, value: Number, look: Look = ONCE) -> Interval:
    """Bound the revenue, whose orders differ in worth, as a sum of as many independent ones.

    Fay and Feuer (1997): where orders are worth r, Σr is as sure as (Σr)² ÷ Σr² events.
    """
    spent, revenue = figures.invested, figures.goal_revenue
    if value is None or spent is None or revenue is None:
        return UNKNOWN
    brought = np.maximum(revenue, _A_NANO) if is_column(revenue) else max(revenue, _A_NANO)
    orders = np.maximum(formulas.goal_conversions(figures), 1.0)
    supposed = _ORDERS_DIFFER * brought**2 / orders
    told = some(figures.goal_revenue_squares)
    squares = where(known(told), told, supposed)
    weight = figures.spread.weight("conversions") * squares / brought
    cost = Cost(spent.fees, spent.fixed - spent.fees, spent.by_conversion / brought)
    counted = Counted(brought, weight, _apart(figures, "conversions"))
    sold = _within(value, likely.return_of(cost, counted, look))
    return _chosen(revenue >= _A_NANO, sold, _around(value, -1.0, None))


def of_forecast(figures: Figures, value: Number) -> Interval:
    """Divide the bounds of what the flight will have cost by the budget."""
    if value is None or figures.forecast is None:
        return UNKNOWN
    least, most = spending_at_end(figures.forecast)
    return _around(value, ratio(least, figures.budget), ratio(most, figures.budget))


def of_count(
    figures: Figures, value: Number, family: Family, columns: Mapping[str, Any] | None = None
) -> Interval:
    """Bound a count of a family, or of one of its kinds."""
    if value is None:
        return UNKNOWN
    return _within(value, likely.count_of(_counted(figures, family, value, columns), ONCE))


def of_conversions(figures: Figures, value: Number) -> Interval:
    """Bound the conversions of a kind."""
    kinds = formulas.conversions_by_kind(figures)
    return of_count(figures, value, "conversions", {f"conversions:{kind}": True for kind in kinds})


def of_goal_conversions(figures: Figures, value: Number) -> Interval:
    """Bound the conversions of the goals, as the bounds of CPA count them."""
    return _within(value, likely.count_of(_converted(figures), ONCE))


def _converted(figures: Figures) -> Counted:
    """Return the conversions of the goals."""
    kinds = formulas.conversions_by_kind(figures)
    aimed = {f"conversions:{kind}": formulas.is_goal(figures, kind) for kind in kinds}
    return _counted(figures, "conversions", formulas.goal_conversions(figures), aimed)


def _counted(
    figures: Figures, family: Family, count: Number, columns: Mapping[str, Any] | None = None
) -> Counted:
    """Say how sure a count of a family is: by clusters, and by how many of its events stand for many.

    `columns` are those that say how many stand for many, of all that is counted there, and of which keys.
    """
    columns = {family: True} if columns is None else columns
    tally = figures.tally
    squares = sum(tally.get(f"squares:{column}", 0) * here for column, here in columns.items())
    counts = sum(_whole(figures, column) * here for column, here in columns.items())
    each = ratio(squares, counts)
    aggregates = where(known(each), each, 1) - 1
    return Counted(above(count), figures.spread.weight(family) + above(aggregates), _apart(figures, family))


def _apart(figures: Figures, family: Family) -> Number:
    return figures.spread.apart.get(family, 0.0)


def _may_come_yet(figures: Figures, count: Number) -> Any:
    """Return whether nothing is counted so far of what was shown, and that was told in a few totals."""
    shown, squares = formulas.impressions(figures), figures.tally.get("squares:impressions", 0)
    totals = ratio(product(shown, 1.0 * shown), squares)
    few = where(known(totals), totals, _FEW_TOTALS) < _FEW_TOTALS
    return (count == 0) & (shown > 0) & (shown < squares) & few


def _whole(figures: Figures, column: str) -> Number:
    """Count what a column counts, of every kind."""
    kinds = figures.families.get(column)
    return sum(kinds.values()) if kinds else figures.tally.get(column, 0)


def _within(value: Number, found: Range) -> Interval:
    upper = _plain(found.upper)
    return _around(value, _plain(found.lower), where(upper < likely.ENDLESS, upper))


def _plain(number: Number) -> Number:
    """Return a column, or a number of Python's in place of one of numpy's."""
    return number if is_column(number) else float(number)


def _around(value: Number, lower: Number, upper: Number) -> Interval:
    """Keep the value inside, whatever rounding did; where it is absent there are no bounds."""
    if value is None:
        return UNKNOWN
    if is_column(value, lower, upper):
        nothing = np.full(np.shape(value), np.nan)
        return Interval(
            nothing if lower is None else np.minimum(lower, value),
            nothing if upper is None else np.maximum(upper, value),
        )
    return Interval(
        None if lower is None else min(lower, value), None if upper is None else max(upper, value)
    )


def _chosen(condition: Any, one: Interval, other: Interval) -> Interval:
    """Return the one's bounds where a condition holds, the other's elsewhere."""
    return Interval(where(condition, one.lower, other.lower), where(condition, one.upper, other.upper))

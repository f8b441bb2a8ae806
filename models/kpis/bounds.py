"""95 % bounds of the KPIs: how far the truth may be from what few events show.

Counts are taken as Poisson counts of events that happen independently. An event that stands for many
(`count`) counts as many, so bounds around aggregates of one post can be too narrow.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from models.kpis import formulas
from models.kpis.figures import Figures
from models.kpis.formulas import ratio
from models.statistics.gamma import Z, count_lower, count_upper
from models.words import Words


class Interval(NamedTuple):
    """The bounds of a value; None where there is none."""

    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How a KPI's bounds are made: the method in words, and the function of figures and the KPI's value."""

    method: Words
    compute: Callable[[Figures, float | None], Interval]


UNKNOWN = Interval(None, None)


def of_reach(figures: Figures, value: float | None) -> Interval:
    """Return the bounds of the estimate of reach; where people are remembered one by one they are equal."""
    return _around(value, figures.reach.lower, figures.reach.upper)


def of_estimated_reach(figures: Figures, value: float | None) -> Interval:
    """Scale the bounds of reach up to all impressions, as the estimate does."""
    scale = formulas.all_by_identified(figures)
    if scale is None:
        return UNKNOWN
    return _around(value, figures.reach.lower * scale, figures.reach.upper * scale)


def of_target_reach(figures: Figures, value: float | None) -> Interval:
    """Return the bounds of the estimate of target reach."""
    reach = figures.target_reach
    return UNKNOWN if reach is None else _around(value, reach.lower, reach.upper)


def of_target_coverage(figures: Figures, value: float | None) -> Interval:
    """Divide the bounds of target reach by the size of the target audience."""
    lower, upper = of_target_reach(figures, formulas.target_reach(figures))
    return _around(value, ratio(lower, figures.target_size), ratio(upper, figures.target_size))


def of_count(_: Figures, value: float | None) -> Interval:
    """Bound a count's expectation exactly (Garwood 1936, see models.statistics.gamma)."""
    return UNKNOWN if value is None else Interval(count_lower(int(value)), count_upper(int(value)))


def of_ctr(figures: Figures, value: float | None) -> Interval:
    """Divide the bounds of the clicks (Garwood 1936) by the impressions."""
    count, shown = int(formulas.clicks(figures)), formulas.impressions(figures)
    return _around(value, ratio(count_lower(count), shown), ratio(count_upper(count), shown))


def of_engagement(figures: Figures, value: float | None) -> Interval:
    """Divide the bounds of the interactions (Garwood 1936) by the opposite bounds of estimated reach."""
    count = int(formulas.interactions(figures))
    reach = of_estimated_reach(figures, formulas.estimated_reach(figures))
    return _around(value, ratio(count_lower(count), reach.upper), ratio(count_upper(count), reach.lower))


def of_sentiment(figures: Figures, value: float | None) -> Interval:
    """Bound the difference of two proportions of the same mentions, by an adjusted Wald interval.

    Bonett, D. G. and Price, R. M. (2012): Adjusted Wald Confidence Interval for a Difference of Binomial
    Proportions Based on Paired Data. Journal of Educational and Behavioral Statistics 37(4), 479–488:
    one mention is added to each side, and the Wald interval taken of what results.
    """
    rated = formulas.rated_by_polarity(figures)
    count = sum(rated.values()) + 2
    positive = (rated.get("positive", 0) + 1) / count
    negative = (rated.get("negative", 0) + 1) / count
    difference = positive - negative
    margin = Z * math.sqrt((positive + negative - difference**2) / count)
    return _around(value, max(-1.0, difference - margin), min(1.0, difference + margin))


def of_cpa(figures: Figures, value: float | None) -> Interval:
    """Divide fixed costs by the bounds of the conversions (Garwood 1936); add what each conversion costs.

    Without conversions there is a lower bound alone, so that an alert sees money go with nothing to show.
    """
    spent, count = figures.invested, int(formulas.goal_conversions(figures))
    if spent is None or spent.total <= 0:
        return UNKNOWN
    if count == 0:
        return Interval(spent.fixed / count_upper(0) + spent.least_cpa, None)
    each = spent.by_conversion / count
    return _around(value, spent.fixed / count_upper(count) + each, spent.fixed / count_lower(count) + each)


def _around(value: float | None, lower: float | None, upper: float | None) -> Interval:
    """Keep the value inside, whatever rounding did; where it is absent there are no bounds."""
    if value is None:
        return UNKNOWN
    return Interval(
        None if lower is None else min(lower, value), None if upper is None else max(upper, value)
    )


_POISSON = Words("exact Poisson (Garwood 1936)", "Poisson exact (Garwood 1936)")
_PERSONS = Words(
    "as the estimate of distinct persons gives them", "celles de l'estimation des personnes distinctes"
)
REACH = Bounds(_PERSONS, of_reach)
ESTIMATED_REACH = Bounds(
    Words(
        "those of reach × impressions ÷ identified impressions",
        "celles de la portée × impressions ÷ impressions identifiées",
    ),
    of_estimated_reach,
)
TARGET_REACH = Bounds(_PERSONS, of_target_reach)
TARGET_COVERAGE = Bounds(
    Words(
        "those of target reach ÷ size of the target audience",
        "celles de la portée sur cible ÷ taille de la cible",
    ),
    of_target_coverage,
)
COUNT = Bounds(_POISSON, of_count)
CTR = Bounds(
    Words(
        f"those of the clicks, {_POISSON.english}, ÷ impressions",
        f"celles des clics, {_POISSON.french}, ÷ impressions",
    ),
    of_ctr,
)
ENGAGEMENT = Bounds(
    Words(
        f"those of the interactions, {_POISSON.english}, ÷ the opposite bounds of estimated reach",
        f"celles des interactions, {_POISSON.french}, ÷ les bornes opposées de la portée estimée",
    ),
    of_engagement,
)
SENTIMENT = Bounds(
    Words(
        "adjusted Wald for paired proportions (Bonett and Price 2012)",
        "Wald ajusté pour proportions appariées (Bonett et Price 2012)",
    ),
    of_sentiment,
)
CPA = Bounds(
    Words(
        f"fixed costs ÷ bounds of the conversions, {_POISSON.english}, + costs by conversion; "
        "the lower one is there without conversions too",
        f"coûts fixes ÷ bornes des conversions, {_POISSON.french}, + coûts par conversion ; la borne "
        "basse existe aussi sans conversion",
    ),
    of_cpa,
)

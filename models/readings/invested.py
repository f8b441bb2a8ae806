"""What keys of a scope have cost in a window, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from models.campaigns.campaign import CurrencyRates
from models.core.columns import Ints
from models.kpis.figures import Invested
from models.readings.costs import Costs
from models.readings.parts import Lines
from models.readings.results import conversions, revenue
from models.state.places import AT
from models.statistics.gamma import Floats


class Shown(NamedTuple):
    """Impressions and clicks with the line that each belongs to, and the rates that are due for them."""

    lines: Ints
    impressions: Ints
    clicks: Ints
    rates: Floats


def invested(
    costs: Costs,
    lines: Lines,
    sellers: Sequence[Ints],
    accrued: Floats,
    shown: list[Shown],
    sold: Mapping[str, Any],
    rates: CurrencyRates | None,
) -> Invested | None:
    """Return what each key has cost; None where no cost is known.

    `accrued` is by payee, `sold` what orders count at leaves whose keys have the numbers `sellers`. A key
    whose share of a revenue cannot be converted is NaN.
    """
    if not costs.campaign.costs:
        return None
    length, borne = len(lines), lines.borne
    fees = _by_line(borne.keys, borne.shares * accrued[borne.payees], length)
    other = sum((_by_line(one.lines, _by_exposure(one), length) for one in shown), np.zeros(length))
    every, aimed = _by_conversions(costs, sellers, sold, rates)
    goals = _by_line(lines.sold, aimed, length)
    other = other + _by_line(lines.sold, every - aimed, length)
    least = np.array([costs.least_cpa.get(key, 0.0) for key in lines.keys])
    return Invested(fees + other, goals, least, fees)


def rates_of(costs: Costs, numbers: Sequence[Ints]) -> Floats:
    """Return the rates that are due for what counts at keys, of which `numbers` has a column a scope."""
    of_influencers = costs.influencer_rates[:, numbers[AT["influencer"]]]
    return of_influencers + costs.content_rates[:, numbers[AT["content"]]]


def _by_exposure(shown: Shown) -> Floats:
    """Return what impressions and clicks made due."""
    cpm, cpc, _, _ = shown.rates
    due: Floats = cpm * shown.impressions / 1000 + cpc * shown.clicks
    return due


def _by_conversions(
    costs: Costs, sellers: Sequence[Ints], sold: Mapping[str, Any], rates: CurrencyRates | None
) -> tuple[Floats, Floats]:
    """Return what the conversions of leaves made due: those of every kind, and those of the goals."""
    _, _, cpa, share = rates_of(costs, sellers)
    currency, goals = costs.campaign.currency, costs.campaign.goals

    def due(kinds: Any) -> Floats:
        gained = np.where(share > 0, revenue(sold, currency, rates, kinds), 0.0)
        made_due: Floats = cpa * conversions(sold, kinds) + share * gained
        return made_due

    every = due(None)
    return every, every if goals is None else due(goals)


def _by_line(lines: Ints, amounts: Floats, length: int) -> Floats:
    some = lines >= 0
    return np.bincount(lines[some], amounts[some], length).astype(np.float64)

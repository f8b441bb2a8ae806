"""What keys of a scope have cost in a window, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from models.campaigns.campaign import Campaign, CurrencyRates
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


class Paid(NamedTuple):
    """What is paid: rates where orders count, what has accrued by payee, by line the least `cpa` rate.

    And what was `shown`, with its rates.
    """

    sellers: Floats
    accrued: Floats
    least: Floats
    shown: Sequence[Shown]


def invested(
    lines: Lines, paid: Paid, sold: Mapping[str, Any], campaign: Campaign, rates: CurrencyRates | None
) -> Invested:
    """Return what each key has cost, by the currency and goals of a campaign.

    `sold` is what orders count at leaves. A key whose share of a revenue cannot be converted is NaN.
    """
    length, borne = len(lines), lines.borne
    fees = _by_line(borne.keys, borne.shares * paid.accrued[borne.payees], length)
    due = sum((_by_line(one.lines, _by_exposure(one), length) for one in paid.shown), np.zeros(length))
    # As counts are: where a total fell, that gives back what an earlier window has cost.
    other = np.maximum(due, 0.0)
    every, aimed = _by_conversions(paid.sellers, sold, campaign, rates)
    goals = _by_line(lines.sold, aimed, length)
    other = other + _by_line(lines.sold, every - aimed, length)
    return Invested(fees + other, goals, paid.least, fees)


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
    sellers: Floats, sold: Mapping[str, Any], campaign: Campaign, rates: CurrencyRates | None
) -> tuple[Floats, Floats]:
    """Return what the conversions of leaves made due: those of every kind, and those of the goals."""
    _, _, cpa, share = sellers

    def due(kinds: Any) -> Floats:
        gained = np.where(share > 0, revenue(sold, campaign.currency, rates, kinds), 0.0)
        made_due: Floats = cpa * conversions(sold, kinds) + share * gained
        return made_due

    every = due(None)
    return every, every if campaign.goals is None else due(campaign.goals)


def _by_line(lines: Ints, amounts: Floats, length: int) -> Floats:
    some = lines >= 0
    return np.bincount(lines[some], amounts[some], length).astype(np.float64)

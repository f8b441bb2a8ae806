"""What the fold says now: the figures of every scope and window of a campaign."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from models import costs
from models.campaigns import Campaign, CurrencyRates, EmvCard, Registry
from models.emv import BUILT_IN_CARD, emv_of_leaf
from models.fold import Fold
from models.kpis import Figures
from models.leaf import WINDOWS, Leaf, Scope, scopes_of
from models.tally import Tally, add
from models.windows import FLIGHT, WINDOW_NAMES, WindowName


@dataclass(frozen=True, slots=True)
class Reading:
    """The figures of one scope in one window."""

    scope: Scope
    window: WindowName
    figures: Figures


@dataclass(slots=True)
class _Sums:
    tally: Tally
    emv: float | None


def read_campaign(fold: Fold, campaign: Campaign, registry: Registry, now: int) -> list[Reading]:
    """Read every scope and window of one campaign at `now` (microseconds)."""
    leaves = [leaf for leaf in fold.cells.totals if leaf.campaign == campaign.id]
    return [
        reading
        for window in WINDOW_NAMES
        for reading in _window(fold, campaign, registry, leaves, window, now)
    ]


def _window(
    fold: Fold, campaign: Campaign, registry: Registry, leaves: list[Leaf], window: WindowName, now: int
) -> Iterator[Reading]:
    rates = registry.currency_rates
    tallies = {leaf: fold.cells.totals[leaf].get(window, {}) for leaf in leaves}
    span = costs.window_span(campaign, window, now)
    spent = costs.invested(campaign, span, tallies, costs.leaves_seen(iter(leaves)), rates)
    sums = _sum_scopes(campaign, tallies, _card(campaign, registry), rates)
    for scope in dict.fromkeys([*sums, *(spent or {})]):
        if window in WINDOWS[scope.name]:
            figures = _figures(fold, campaign, scope, window, sums[scope], spent, rates)
            yield Reading(scope, window, figures)


def _sum_scopes(
    campaign: Campaign, tallies: dict[Leaf, Tally], card: EmvCard | None, rates: CurrencyRates | None
) -> defaultdict[Scope, _Sums]:
    sums: defaultdict[Scope, _Sums] = defaultdict(lambda: _Sums({}, 0.0 if card else None))
    _ = sums[Scope("campaign", (campaign.id,))]
    for leaf, tally in tallies.items():
        value = emv_of_leaf(tally, leaf.channel, card, campaign.currency, rates) if card else None
        for scope in scopes_of(leaf):
            total = sums[scope]
            add(total.tally, tally)
            total.emv = None if total.emv is None or value is None else total.emv + value
    return sums


def _figures(
    fold: Fold,
    campaign: Campaign,
    scope: Scope,
    window: WindowName,
    sums: _Sums,
    spent: dict[Scope, float | None] | None,
    rates: CurrencyRates | None,
) -> Figures:
    return Figures(
        tally=sums.tally,
        reach=fold.people.reach(scope, window),
        invested=None if spent is None else spent.get(scope, 0.0),
        revenue=costs.revenue(sums.tally, campaign.currency, rates),
        emv=sums.emv,
    )


def _card(campaign: Campaign, registry: Registry) -> EmvCard | None:
    if campaign.emv_card in registry.emv_cards:
        return registry.emv_cards[campaign.emv_card]
    return BUILT_IN_CARD if campaign.emv_card == "default" else None


def budget_spent(campaign: Campaign, flight: Figures) -> float | None:
    """Divide what the flight has cost by the budget."""
    if campaign.budget is None or flight.invested is None:
        return None
    return flight.invested / campaign.budget


def pacing(campaign: Campaign, flight: Figures, now: int) -> float | None:
    """Divide the share of the budget that is spent by the share of the flight that has passed."""
    spent = budget_spent(campaign, flight)
    elapsed = costs.window_span(campaign, FLIGHT, now).share_of(costs.Span(campaign.starts, campaign.ends))
    return None if spent is None or elapsed <= 0 else spent / elapsed

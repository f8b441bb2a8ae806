"""A campaign as it is read: what all its scopes and windows have in common, and the columns of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.campaigns.campaign import Campaign, CurrencyRates, EmvCard
from models.campaigns.registry import Registry
from models.core.columns import COLUMN, COLUMNS, Ints
from models.core.sums import sums_of
from models.kpis.clusters import Clusters, Spread, spread_of
from models.kpis.figures import Figures, Forecast, Invested
from models.readings.alignment import alignment_of, alignment_of_all
from models.readings.clusters import clusters_of
from models.readings.columns import Columns
from models.readings.costs import Costs, costs_of, fixed_payees
from models.readings.emv import BUILT_IN_CARD, emv_of_leaf
from models.readings.forecast import forecast
from models.readings.invested import Shown, invested, rates_of
from models.readings.keys import Keys
from models.readings.parts import Atoms, Part, groups_of, part_of
from models.readings.results import carries_revenue, revenue, revenue_squares
from models.readings.shares import Shares
from models.readings.spans import flight_of, window_span
from models.readings.tallies import Columns as Tallies
from models.readings.tallies import by_key, of_orders, of_sums
from models.scopes import ABSENT, ScopeKey, ScopeName
from models.state.places import AT, GROUP
from models.state.shard_state import ShardState
from models.statistics.gamma import Floats
from models.statistics.intervals import Estimate
from models.times import DAY
from models.windows import FLIGHT, LENGTHS, WindowName


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a window has: sums by group, those of `Subject.paid`, of orders by leaf, costs by payee."""

    groups: Ints
    sold: Mapping[str, Any]
    paid: Ints
    accrued: Floats


@dataclass(frozen=True, slots=True)
class Subject:
    """A campaign at one moment; what is read of it before anything else is applied is of one moment.

    `paid` are the indices of leaves whose content has rates of its own, by impressions or clicks.
    """

    state: ShardState
    campaign: Campaign
    rates: CurrencyRates | None
    card: EmvCard | None
    keys: Keys
    costs: Costs
    shares: Shares
    groups: Atoms
    paid: Ints
    alignments: Mapping[ScopeKey, float]
    clusters: Clusters
    spread: Spread
    now: int
    _sums: dict[WindowName, _Sums] = field(default_factory=dict)

    def activity(self, scope: ScopeName) -> Ints:
        """Count what people saw and did in the flight, by the number of a scope's keys; reads no figure."""
        held = self.keys.held
        numbers = held.table[AT[scope]][: len(held.rows)]
        return self.state.activity(held.rows, numbers, len(self.keys.listed[scope]))

    def part(self, scope: ScopeName, chosen: Ints) -> Part:
        """Take the keys of a scope that have the numbers chosen."""
        return part_of(self.state, self.keys, scope, chosen, self.groups, self.shares)

    def read(self, part: Part, window: WindowName) -> Columns:
        """Read keys in a window."""
        sums, length = self._sums_of(window), len(part.keys)
        atoms = sums.groups if part.atoms is self.groups else self._counted(part.atoms, window)
        tally = of_sums(sums_of(atoms, part.lines, length)) | by_key(sums.sold, part.sold_lines, length)
        spent = self._invested(part, atoms, sums)
        figures = self._figures(part, window, tally, spent, self._emv(part, atoms))
        return Columns(part.scope, window, part.keys, figures)

    def _sums_of(self, window: WindowName) -> _Sums:
        if window not in self._sums:
            held = self.keys.held
            rows = held.rows[self.paid]
            self._sums[window] = _Sums(
                self._counted(self.groups, window),
                of_orders(held.orders, window),
                self.state.sums(window, rows, np.arange(len(rows)), len(rows)),
                self.costs.accrued(window, window_span(self.campaign, window, self.now)),
            )
        return self._sums[window]

    def _counted(self, atoms: Atoms, window: WindowName) -> Ints:
        return self.state.sums(window, self.keys.held.rows, atoms.of_row, len(atoms))

    def _emv(self, part: Part, atoms: Ints) -> Floats:
        """Value what was counted; NaN where no leaf's channel has a rate."""
        if self.card is None:
            return np.full(len(part.keys), np.nan)
        worth = self._worth(atoms, part.atoms.numbers[AT["channel"]], self.card)
        some = (part.lines >= 0) & ~np.isnan(worth)
        lines, length = part.lines[some], len(part.keys)
        found = np.bincount(lines, worth[some], length)
        return np.where(np.bincount(lines, minlength=length) > 0, found, np.nan)

    def _worth(self, atoms: Ints, channels: Ints, card: EmvCard) -> Floats:
        found = np.full(len(atoms), np.nan)
        for number in np.unique(channels[channels >= 0]).tolist():
            here = np.flatnonzero(channels == number)
            tally = dict(zip(COLUMNS, atoms[here].T, strict=True))
            name = self.keys.listed["channel"][number].ids[1]
            worth = emv_of_leaf(tally, name, card, self.campaign.currency, self.rates)
            found[here] = np.nan if worth is None else worth
        return found

    def _invested(self, part: Part, atoms: Ints, sums: _Sums) -> Invested | None:
        held = self.keys.held
        rates = rates_of(self.costs, part.atoms.numbers)
        shown = [_shown(part.lines, atoms, rates)]
        if part.atoms is self.groups and len(self.paid):
            # Groups do not tell contents apart: what those cost that have rates of their own comes on top.
            lines = part.lines[held.table[GROUP][self.paid]]
            shown.append(
                _shown(lines, sums.paid, self.costs.content_rates[:, held.table[AT["content"]][self.paid]])
            )
        return invested(self.costs, part, held, sums.accrued, shown, sums.sold, self.rates)

    def _figures(
        self, part: Part, window: WindowName, tally: Tallies, spent: Invested | None, emv: Floats
    ) -> Figures:
        campaign, target, goals = self.campaign, self.campaign.target, self.campaign.goals
        currency, rates, nothing = campaign.currency, self.rates, np.zeros(len(part.keys))
        brought = np.where(carries_revenue(tally, goals), revenue(tally, currency, rates, goals), np.nan)
        squares = revenue_squares(tally, currency, rates, goals) + nothing
        plan = self._plan(spent) if part.scope == "campaign" and window == FLIGHT else _NO_PLAN
        return Figures(
            tally=tally,
            reach=Estimate(*self.state.reach(part.slots, window)),
            invested=spent,
            revenue=revenue(tally, currency, rates) + nothing,
            emv=emv,
            target_reach=Estimate(*self.state.reach(part.target_slots, window)) if target else None,
            target_size=target.size if target else None,
            alignment=np.array([self.alignments.get(key, np.nan) for key in part.keys]),
            goals=goals,
            goal_revenue=brought + nothing,
            goal_revenue_squares=np.where(squares > 0, squares, np.nan),
            committed=self._committed(part, spent) if window == FLIGHT else None,
            budget=plan.budget,
            elapsed=plan.elapsed,
            forecast=plan.forecast,
            spread=self.spread.over(LENGTHS[window] / DAY) if window in LENGTHS else self.spread,
            clusters=self.clusters if part.scope == "campaign" and window == FLIGHT else None,
        )

    def _committed(self, part: Part, spent: Invested | None) -> Floats | None:
        """Return what each key will have cost for sure: fees and spends of the flight, results so far."""
        if spent is None:
            return None
        payees, lines, shares = part.borne
        fees = np.bincount(lines, shares * self.costs.whole()[payees], len(part.keys))
        whole: Floats = spent.variable + fees
        return whole

    def _plan(self, spent: Invested | None) -> "_Plan":
        """Return what a campaign's flight is held against, where it has a budget."""
        campaign, held = self.campaign, self.keys.held
        if campaign.budget is None:
            return _NO_PLAN
        elapsed = window_span(campaign, FLIGHT, self.now).share_of(flight_of(campaign))
        contents = [self.keys.listed["content"][number] for number in np.unique(held.table[AT["content"]])]
        posts = sum(key.ids[-1] != ABSENT for key in contents)
        known = (
            None
            if spent is None or np.isnan(spent.total[0])
            else Invested(
                *(float(getattr(spent, name)[0]) for name in ("fixed", "by_conversion", "least_cpa", "fees"))
            )
        )
        return _Plan(campaign.budget, elapsed, forecast(self.costs, known, held.firsts, posts, self.now))


class _Plan(NamedTuple):
    """Budget, share of the flight that has passed, and what its end depends on."""

    budget: float | None
    elapsed: float | None
    forecast: Forecast | None


_NO_PLAN = _Plan(None, None, None)


def subject_of(state: ShardState, campaign: Campaign, registry: Registry, now: int) -> Subject:
    """Prepare to read a campaign at `now` (microseconds)."""
    held, alignments = state.held(campaign.id), _alignments(campaign)
    keys = Keys(held, [ScopeKey("campaign", (campaign.id,)), *fixed_payees(campaign), *alignments])
    costs = costs_of(campaign, keys)
    by_exposure: npt.NDArray[np.bool_] = np.any(costs.content_rates[:2] > 0, axis=0)
    clusters = clusters_of(state, campaign, held.firsts, now)
    return Subject(
        state,
        campaign,
        registry.currency_rates,
        _card(campaign, registry),
        keys,
        costs,
        Shares(costs.payees, keys),
        groups_of(held),
        np.flatnonzero(by_exposure[held.table[AT["content"]][: len(held.rows)]]),
        alignments,
        clusters,
        spread_of(clusters),
        now,
    )


def _shown(lines: Ints, sums: Ints, rates: Floats) -> Shown:
    return Shown(lines, sums[:, COLUMN["impressions"]], sums[:, COLUMN["clicks"]], rates)


def _alignments(campaign: Campaign) -> dict[ScopeKey, float]:
    if campaign.values is None:
        return {}
    found = {ScopeKey("campaign", (campaign.id,)): alignment_of_all(campaign.values, campaign.influencers)}
    for influencer in campaign.values.scores:
        found[ScopeKey("influencer", (campaign.id, influencer))] = alignment_of(campaign.values, influencer)
    return {scope: alignment for scope, alignment in found.items() if alignment is not None}


def _card(campaign: Campaign, registry: Registry) -> EmvCard | None:
    if campaign.emv_card in registry.emv_cards:
        return registry.emv_cards[campaign.emv_card]
    return BUILT_IN_CARD if campaign.emv_card == "default" else None

"""A campaign as it is read: what all its scopes and windows have in common, and the columns of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
from models.readings.tallies import activity_of, by_key, of_orders, of_sums, stacked
from models.scopes import ABSENT, ScopeKey, ScopeName
from models.state.places import AT, GROUP
from models.state.shard_state import ShardState
from models.statistics.gamma import Floats
from models.statistics.intervals import Estimate
from models.windows import FLIGHT, WindowName


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a window has: sums by group, those of `Subject.paid`, of orders by leaf, costs by payee."""

    groups: Ints
    sold: Tallies
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
        held, length = self.keys.held, len(self.keys.listed[scope])
        if scope == "content":
            return self.state.activity(held.rows, held.table[AT[scope]][: len(held.rows)], length)
        found, numbers = np.zeros(length, np.int64), self.groups.numbers[AT[scope]]
        some = numbers >= 0
        np.add.at(found, numbers[some], activity_of(self._sums_of(FLIGHT).groups[some]))
        return found

    def part(self, scope: ScopeName, chosen: Ints) -> Part:
        """Take the keys of a scope that have the numbers chosen."""
        return part_of(self.state, self.keys, scope, chosen, self.groups, self.shares)

    def read(self, part: Part, windows: Sequence[WindowName]) -> Columns:
        """Read keys in windows, of which the flight comes last where it is among them."""
        sums = [self._sums_of(window) for window in windows]
        if part.atoms is self.groups:
            atoms = np.concatenate([one.groups for one in sums])
        else:
            atoms = np.concatenate([self._counted(part.atoms, window) for window in windows])
        wide = part.repeated(len(windows))
        sold = stacked([one.sold for one in sums], len(self.keys.held.sold))
        tally = of_sums(sums_of(atoms, wide.lines, len(wide.keys))) | by_key(
            sold, wide.sold_lines, len(wide.keys)
        )
        spent = self._invested(wide, atoms, sums, sold)
        in_flight = np.repeat([window == FLIGHT for window in windows], len(part.keys))
        figures = self._figures(wide, windows, tally, spent, self._emv(wide, atoms), in_flight)
        return Columns(part.scope, windows, part.keys, figures)

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

    def _invested(self, part: Part, atoms: Ints, sums: Sequence[_Sums], sold: Tallies) -> Invested | None:
        held, times = self.keys.held, len(sums)
        rates = rates_of(self.costs, part.atoms.numbers)
        shown = [_shown(part.lines, atoms, rates)]
        if part.scope != "content" and len(self.paid):
            # Groups do not tell contents apart: what those cost that have rates of their own comes on top.
            lines = part.lines.reshape(times, -1)[:, held.table[GROUP][self.paid]].ravel()
            rates = self.costs.content_rates[:, np.tile(held.table[AT["content"]][self.paid], times)]
            shown.append(_shown(lines, np.concatenate([one.paid for one in sums]), rates))
        accrued = np.concatenate([one.accrued for one in sums])
        sellers = list(np.tile(np.stack([column[held.sold] for column in held.table]), times))
        return invested(self.costs, part, sellers, accrued, shown, sold, self.rates)

    def _figures(
        self,
        part: Part,
        windows: Sequence[WindowName],
        tally: Tallies,
        spent: Invested | None,
        emv: Floats,
        in_flight: npt.NDArray[np.bool_],
    ) -> Figures:
        campaign, target, goals = self.campaign, self.campaign.target, self.campaign.goals
        currency, rates, nothing = campaign.currency, self.rates, np.zeros(len(part.keys))
        brought = np.where(carries_revenue(tally, goals), revenue(tally, currency, rates, goals), np.nan)
        squares = revenue_squares(tally, currency, rates, goals) + nothing
        plan = self._plan(spent) if part.scope == "campaign" and in_flight[-1] else _NO_PLAN
        return Figures(
            tally=tally,
            reach=self._reached(part.slots, windows),
            invested=spent,
            revenue=revenue(tally, currency, rates) + nothing,
            emv=emv,
            target_reach=self._reached(part.target_slots, windows) if target else None,
            target_size=target.size if target else None,
            alignment=np.array([self.alignments.get(key, np.nan) for key in part.keys]),
            goals=goals,
            goal_revenue=brought + nothing,
            goal_revenue_squares=np.where(squares > 0, squares, np.nan),
            committed=None if spent is None else np.where(in_flight, self._committed(part, spent), np.nan),
            budget=plan.budget,
            elapsed=plan.elapsed,
            forecast=plan.forecast,
            spread=self.spread,
            clusters=self.clusters if part.scope == "campaign" else None,
        )

    def _reached(self, slots: Ints, windows: Sequence[WindowName]) -> Estimate:
        found = [self.state.reach(slots, window) for window in windows]
        return Estimate(*(np.concatenate(columns) for columns in zip(*found, strict=True)))

    def _committed(self, part: Part, spent: Invested) -> Floats:
        """Return what each key will have cost for sure: fees and spends of the flight, results so far."""
        payees, lines, shares = part.borne
        amounts = np.resize(self.costs.whole(), part.payees)
        fees = np.bincount(lines, shares * amounts[payees], len(part.keys))
        whole: Floats = spent.variable + fees
        return whole

    def _plan(self, spent: Invested | None) -> "_Plan":
        """Return what a campaign's flight, the last line, is held against, where it has a budget."""
        campaign, held = self.campaign, self.keys.held
        if campaign.budget is None:
            return _NO_PLAN
        elapsed = window_span(campaign, FLIGHT, self.now).share_of(flight_of(campaign))
        posts = len(np.setdiff1d(held.table[AT["content"]], self.keys.mute("content", [ABSENT])))
        known = (
            None
            if spent is None or np.isnan(spent.total[-1])
            else Invested(
                *(float(getattr(spent, name)[-1]) for name in ("fixed", "by_conversion", "least_cpa", "fees"))
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

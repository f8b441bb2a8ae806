"""A campaign as it is read: what all its scopes and windows have in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.campaigns.campaign import Campaign, Cost, CurrencyRates, EmvCard
from models.campaigns.registry import Registry
from models.core.columns import Ints
from models.kpis.clusters import Clusters, Spread, spread_of
from models.readings.alignment import alignment_of, alignment_of_all
from models.readings.clusters import clusters_of
from models.readings.costs import Costs, costs_of, fixed_payees, payee_of
from models.readings.emv import BUILT_IN_CARD
from models.readings.keys import Keys
from models.readings.parts import Atoms, Part, Places, part_of, places_of
from models.readings.shares import Shares
from models.readings.spans import window_span
from models.readings.tallies import Columns as Tallies
from models.readings.tallies import activity_of, of_orders
from models.scopes import ScopeKey, ScopeName
from models.state.places import AT
from models.state.shard_state import ShardState
from models.statistics.gamma import Floats
from models.windows import FLIGHT, WindowName


@dataclass(frozen=True)
class Subject:
    """A campaign at one moment: what state holds of it is read when one is made, by `subject_of`.

    What it comes to is worked out when it is asked for, be that later. What is counted of its leaves is of
    the moment at which `sums` are first asked for.
    """

    state: ShardState
    campaign: Campaign
    rates: CurrencyRates | None
    card: EmvCard | None
    keys: Keys
    alignments: Mapping[ScopeKey, float]
    clusters: Clusters
    now: int
    _of_places: dict[WindowName, Ints] = field(default_factory=dict)
    _of_paid: dict[WindowName, Ints] = field(default_factory=dict)
    _sold: dict[WindowName, Tallies] = field(default_factory=dict)
    _accrued: dict[WindowName, Floats] = field(default_factory=dict)

    @cached_property
    def spread(self) -> Spread:
        """How its events come."""
        return spread_of(self.clusters)

    @cached_property
    def costs(self) -> Costs:
        """What it costs."""
        return costs_of(self.campaign, self.keys)

    @cached_property
    def shares(self) -> Shares:
        """How its payees share what they are paid."""
        return Shares(self.costs.payees, self.keys)

    @cached_property
    def paid(self) -> Ints:
        """The indices of leaves whose content has rates of its own, by impressions or clicks."""
        contents = self.keys.held.table[AT["content"]][: len(self.keys.held.rows)]
        return np.flatnonzero(self._is_priced("content")[contents])

    @cached_property
    def places(self) -> Places:
        """The leaves, as far as channels, formats or prices tell them apart."""
        return places_of(self.keys.held, self._is_priced("influencer"))

    def activity(self, scope: ScopeName) -> Ints:
        """Count what people saw and did in the flight, by the number of a scope's keys; reads no figure."""
        held, length = self.keys.held, self.keys.count(scope)
        if scope in ("influencer", "content"):
            return self.state.activity(held.rows, held.table[AT[scope]][: len(held.rows)], length)
        found, numbers = np.zeros(length, np.int64), self.places.atoms.of(scope)
        np.add.at(found, numbers, activity_of(self.of_places(FLIGHT)))
        return found

    def part(self, scope: ScopeName, chosen: Ints) -> Part:
        """Take the keys of a scope that have the numbers chosen."""
        return part_of(self.keys, scope, chosen, self.places.atoms)

    def of_places(self, window: WindowName) -> Ints:
        """Return what places have counted in a window, a line each."""
        if window not in self._of_places:
            places = self.places
            sums = self._sums(window, places.atoms)
            sums[places.at] += self.state.of_sites(window, places.sites)
            some = np.flatnonzero(places.within >= 0)
            np.subtract.at(sums, places.within[some], sums[places.apart[some]])
            self._of_places[window] = sums
        return self._of_places[window]

    def of_paid(self, window: WindowName) -> Ints:
        """Return what the leaves `paid` have counted in a window, a line each."""
        if window not in self._of_paid:
            rows = self.keys.held.rows[self.paid]
            self._of_paid[window] = self.state.sums(window, rows, np.arange(len(rows)), len(rows))
        return self._of_paid[window]

    def counted(self, window: WindowName, atoms: Atoms) -> Ints:
        """Return what atoms have counted in a window, a line each."""
        return self.of_places(window) if atoms is self.places.atoms else self._sums(window, atoms)

    def sold(self, window: WindowName) -> Tallies:
        """Return what orders count in a window, a line a leaf that has some."""
        if window not in self._sold:
            self._sold[window] = of_orders(self.keys.held.orders, window)
        return self._sold[window]

    def accrued(self, window: WindowName) -> Floats:
        """Return what fees and spends a window has made due, by payee."""
        if window not in self._accrued:
            span = window_span(self.campaign, window, self.now)
            self._accrued[window] = self.costs.accrued(window, span)
        return self._accrued[window]

    def _sums(self, window: WindowName, atoms: Atoms) -> Ints:
        return self.state.sums(window, atoms.rows, atoms.of_row, len(atoms))

    def _is_priced(self, scope: ScopeName) -> npt.NDArray[np.bool_]:
        """Mark by number the keys of a scope whose impressions or clicks have a rate; as the last one −1."""
        found = np.zeros(self.keys.count(scope) + 1, bool)
        payees = (payee_of(self.campaign, cost) for cost in _by_exposure(self.campaign))
        found[self.keys.numbers(payee for payee in payees if payee.name == scope)] = True
        return found


def _by_exposure(campaign: Campaign) -> Iterator[Cost]:
    return (cost for cost in campaign.costs if cost.cpm or cost.cpc)


def subject_of(state: ShardState, campaign: Campaign, registry: Registry, now: int) -> Subject:
    """Prepare to read a campaign at `now` (microseconds)."""
    held, alignments = state.held(campaign.id), _alignments(campaign)
    return Subject(
        state,
        campaign,
        registry.currency_rates,
        _card(campaign, registry),
        Keys(held, [ScopeKey("campaign", (campaign.id,)), *fixed_payees(campaign), *alignments]),
        alignments,
        clusters_of(state, campaign, held.firsts, now),
        now,
    )


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

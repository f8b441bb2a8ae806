"""All that a shard remembers of its events, in one hand: what is counted, restored and let go together."""

from collections.abc import Iterable

import numpy as np

from models.admission.rules import counting
from models.authenticity.judge import Judge
from models.authenticity.settings import Authenticity
from models.authenticity.stored import renumber
from models.campaigns.registry import Registry
from models.core.columns import Ints, Sightings, Thresholds, numbered_anew, numbers, renumbered
from models.events.currencies import currency_number
from models.events.leaf_index import LeafFacts
from models.reach.scope_reach import ScopeReach
from models.reach.targets import Targets
from models.scopes import Leaf
from models.state.closing import Closing
from models.state.counts import Counts
from models.state.delta import Delta, Ledger
from models.state.duplicates import DuplicateMemory
from models.state.leaves import Leaves
from models.state.order_store import OrderStore
from models.state.repeats import Repeats
from models.state.running_totals import A_LEAF, RunningTotals
from models.tally import Tally, add, add_each


class Memory:
    """Leaves, counts, people and what they do, orders, totals, event ids, outcomes of a shard's records.

    `looks_up` names the campaigns that ask of whoever acts whether they saw something, `let_go` those whose
    people were forgotten once.
    """

    def __init__(self, registry: Registry, duplicate_ids: int, max_leaves: int, judge_bytes: int) -> None:
        self.duplicates = DuplicateMemory(duplicate_ids)
        self.leaves = Leaves(max_leaves)
        self.counts = Counts(self.leaves)
        self.repeats = Repeats()
        self.targets = Targets(registry)
        self.reach = ScopeReach(self.leaves.names, self.leaves.number_of)
        self.orders = OrderStore(registry.currency_rates, self.leaves, self.counts.rhythm)
        self.totals = RunningTotals(A_LEAF * max_leaves)
        self.ledger: Ledger = {}
        self.judge = Judge(self.rules, most=judge_bytes)
        self.looks_up = _looking_up(registry)
        self.let_go: frozenset[str] = frozenset()
        self._registry = registry

    def rules(self, campaign: int) -> Authenticity:
        """Return by which rules the interactions of a campaign, by number, are judged.

        Where people were let go, and come again, nobody is looked up: who saw something before is unknown.
        """
        name = self.leaves.campaign_names[campaign]
        found = self._registry.campaigns.get(name)
        by = Authenticity() if found is None else found.authenticity
        is_unknown = name in self.let_go and by.looks("no_exposure")
        return by.without("no_exposure") if is_unknown else by

    def facts_of(self, leaf: Leaf) -> LeafFacts:
        """Return what the registry says of a leaf."""
        target = self.targets.of_campaign(leaf.campaign)
        campaign = self._registry.campaigns.get(leaf.campaign)
        currency = -1 if campaign is None else currency_number(campaign.currency)
        live = campaign is not None and campaign.authenticity.is_live(leaf.channel, leaf.format)
        return LeafFacts(*counting(leaf, self._registry), target, currency, live)

    def campaigns_of(self, rows: Ints) -> Ints:
        """Return the numbers of the campaigns of rows."""
        return self.leaves.campaign_of_row[rows].astype(np.int64)

    def use(self, registry: Registry) -> None:
        """Take a changed registry: new rates restate orders, a changed target starts with nobody.

        Of a campaign that asks from now on who saw something nobody is looked up: who did before is unknown.
        """
        self.orders.use(registry.currency_rates)
        self.targets.use(registry)
        before, self.looks_up, self._registry = self.looks_up, _looking_up(registry), registry
        for name in self.looks_up - before:
            if name in self.reach:
                self.judge.blind(self.leaves.campaign_number(name))

    def first_time(self, leaf: Leaf) -> int | None:
        """Return the time of the first event, or sale that counts, at a leaf; None where there is none."""
        row, sale = self.leaves.row(leaf), self.leaves.first_sale(leaf)
        of_events = [] if row is None else self.counts.firsts(numbers([row])).tolist()
        return min(of_events if sale is None else [*of_events, sale], default=None)

    def holds(self, campaign: str) -> bool:
        """Return whether people, orders, totals or interactions of a campaign are remembered."""
        of_people = campaign in self.reach or self.judge.holds(self.leaves.campaign_number(campaign))
        return of_people or campaign in self.orders or campaign in self.totals

    def close(self, closing: Closing) -> None:
        """Forget people, orders, totals and interactions of campaigns that are over."""
        self.orders.close(closing)
        self.counts.see(*self.leaves.close(closing.campaigns))
        self.reach.close(closing.campaigns)
        self.totals.close(closing.campaigns)
        self.let_go |= closing.campaigns
        for campaign in closing.campaigns:
            number = self.leaves.campaign_number(campaign)
            self.repeats.forget(number)
            self.judge.forget(number)

    def expire(self, now: int) -> None:
        """Drop what has left its window by `now` (microseconds)."""
        self.duplicates.expire(now)
        self.counts.expire(now)
        self.orders.expire(now)
        self.reach.expire(now)

    def add_outcomes(self, topic: str, outcomes: Tally) -> None:
        """Add what became of a topic's records."""
        add(self.ledger.setdefault(topic, {}), outcomes)

    def restore(self, delta: Delta) -> None:
        """Take a stored delta back, in the order in which they were cut."""
        self.close(delta.closing)
        self.let_go |= delta.let_go
        rows = self.leaves.restore(delta.leaves)
        self.counts.see(numbers(rows), delta.firsts)
        self.counts.add(delta.counts._replace(rows=renumbered(delta.counts.rows, rows)))
        targets = [self.targets.number(name) for name in delta.targets]
        seen = numbered_anew(delta.sightings, rows, targets)
        thresholds = numbered_anew(delta.thresholds, rows, targets)
        self.reach.restore(seen, thresholds)
        self._restore_seen(seen, thresholds)
        self.judge.restore(renumber(delta.remembered, self._numbers_of(delta.judged)))
        actors = self._numbers_of(delta.actors)
        self.repeats.see(delta.acts._replace(campaigns=renumbered(delta.acts.campaigns, actors)))
        self.duplicates.restore(delta.ids)
        for key, order in delta.orders.items():
            self.orders.report(key, order)
        self.orders.add_frozen(delta.frozen)
        self.totals.restore(delta.totals)
        self.totals.take(delta.taken)
        add_each(self.ledger, delta.ledger)

    def _restore_seen(self, seen: Sightings, thresholds: Thresholds) -> None:
        """Tell the judge who saw something; where some people are not stored, nobody is looked up."""
        if not self.looks_up:
            return
        for number in np.unique(self.campaigns_of(thresholds.rows)).tolist():
            if self.leaves.campaign_names[number] in self.looks_up:
                self.judge.blind(number)
        self.judge.see(self.campaigns_of(seen.rows), seen.persons)

    def _numbers_of(self, campaigns: Iterable[str]) -> list[int]:
        return list(map(self.leaves.campaign_number, campaigns))


def _looking_up(registry: Registry) -> frozenset[str]:
    known = registry.campaigns.values()
    return frozenset(one.id for one in known if one.authenticity.looks("no_exposure"))

"""All that a shard remembers of its events, in one hand: what is counted, restored and let go together."""

from models.campaigns.registry import Registry
from models.core.columns import numbered_anew, numbers, renumbered
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
    """Leaves, counts, people and what they do, orders, totals, event ids, outcomes of a shard's records."""

    def __init__(self, registry: Registry, duplicate_ids: int, max_leaves: int) -> None:
        self.duplicates = DuplicateMemory(duplicate_ids)
        self.leaves = Leaves(max_leaves)
        self.counts = Counts(self.leaves)
        self.repeats = Repeats()
        self.targets = Targets(registry)
        self.reach = ScopeReach(self.leaves.names, self.leaves.number_of)
        self.orders = OrderStore(registry.currency_rates, self.leaves, self.counts.rhythm)
        self.totals = RunningTotals(A_LEAF * max_leaves)
        self.ledger: Ledger = {}

    def use(self, registry: Registry) -> None:
        """Take a changed registry: new rates restate orders, a changed target starts with nobody."""
        self.orders.use(registry.currency_rates)
        self.targets.use(registry)

    def first_time(self, leaf: Leaf) -> int | None:
        """Return the time of the first event, or sale that counts, at a leaf; None where there is none."""
        row, sale = self.leaves.row(leaf), self.leaves.first_sale(leaf)
        of_events = [] if row is None else self.counts.firsts(numbers([row])).tolist()
        return min(of_events if sale is None else [*of_events, sale], default=None)

    def holds(self, campaign: str) -> bool:
        """Return whether people, orders or totals of a campaign are remembered."""
        return campaign in self.orders or campaign in self.reach or campaign in self.totals

    def close(self, closing: Closing) -> None:
        """Forget people, orders and totals of campaigns that are over."""
        self.orders.close(closing)
        self.counts.see(*self.leaves.close(closing.campaigns))
        self.reach.close(closing.campaigns)
        self.totals.close(closing.campaigns)
        for campaign in closing.campaigns:
            self.repeats.forget(self.leaves.campaign_number(campaign))

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
        rows = self.leaves.restore(delta.leaves)
        self.counts.see(numbers(rows), delta.firsts)
        self.counts.add(delta.counts._replace(rows=renumbered(delta.counts.rows, rows)))
        targets = [self.targets.number(name) for name in delta.targets]
        self.reach.restore(
            numbered_anew(delta.sightings, rows, targets), numbered_anew(delta.thresholds, rows, targets)
        )
        campaigns = [self.leaves.campaign_number(name) for name in delta.actors]
        self.repeats.see(delta.acts._replace(campaigns=renumbered(delta.acts.campaigns, campaigns)))
        self.duplicates.restore(delta.ids)
        for key, order in delta.orders.items():
            self.orders.report(key, order)
        self.orders.add_frozen(delta.frozen)
        self.totals.restore(delta.totals)
        self.totals.take(delta.taken)
        add_each(self.ledger, delta.ledger)

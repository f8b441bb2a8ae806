"""What KPI formulas are made of: one scope's figures in one window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.kpis.clusters import Clusters, Spread
from models.statistics.intervals import Estimate, Number
from models.tally import by_family


@dataclass(frozen=True, slots=True)
class Invested:
    """What a scope has cost, in the campaign's currency.

    `by_conversion` are the `cpa` rates and revenue shares that conversions of its goals made due, `fixed` is
    all else; `least_cpa` is the least `cpa` rate that one more conversion would cost. `fees`, a part of
    `fixed`, are the flat fees and spends that time made due.
    """

    fixed: Number = 0.0
    by_conversion: Number = 0.0
    least_cpa: Number = 0.0
    fees: Number = 0.0

    @property
    def total(self) -> Number:
        """Return the whole."""
        return self.fixed + self.by_conversion

    @property
    def variable(self) -> Number:
        """Return what results made due."""
        return self.total - self.fees


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a campaign's costs at the end of its flight depend on.

    `fixed` are the flat fees and spends of the whole flight, `variable` is what results have cost so far.
    `elapsed`, since the first event, and `remaining`, to the end, are microseconds within the flight; where
    nothing has elapsed and something remains, no results cost anything. `posts` counts the contents seen.
    """

    fixed: float
    variable: float
    elapsed: int
    remaining: int
    posts: int = 1


@dataclass(frozen=True)
class Figures:
    """What formulas are made of: one scope in one window. Money is in the campaign's currency.

    `invested`, `revenue` and `emv` are None where their inputs are not known; `target_reach` and
    `target_size` where the campaign has no target; `alignment`, which no window changes, where nobody in the
    scope is scored. CPA and ROI count conversions of the kinds in `goals`, of every kind where it is None;
    `goal_revenue` is what these brought, None where none carries a revenue; `goal_revenue_squares` adds up
    the squares of what each brought, where they are known. Only a flight has `committed`; only that of a
    campaign has `clusters`, and if it has a budget, `budget`, `elapsed`, the share of the flight that has
    passed, and `forecast`. `spread` says how the campaign's events come, and for how long they have come in
    this window.
    """

    tally: Mapping[str, Number]
    reach: Estimate
    invested: Invested | None
    revenue: Number
    emv: Number
    target_reach: Estimate | None = None
    target_size: Number = None
    alignment: Number = None
    goals: frozenset[str] | Mapping[str, Number] | None = None
    goal_revenue: Number = None
    goal_revenue_squares: Number = None
    committed: Number = None
    budget: Number = None
    elapsed: Number = None
    forecast: Forecast | None = None
    spread: Spread = field(default_factory=Spread)
    clusters: Clusters | None = field(default=None, compare=False)

    @cached_property
    def families(self) -> Mapping[str, Mapping[str, Number]]:
        """Return the tally's counts by family and kind: many formulas ask for the same ones."""
        return by_family(self.tally)

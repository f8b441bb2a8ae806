"""What KPI formulas are made of: one scope's figures in one window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.kpis.clusters import Spread
from models.statistics.intervals import Estimate
from models.tally import Tally, by_family


@dataclass(frozen=True, slots=True)
class Invested:
    """What a scope has cost, in the campaign's currency.

    `by_conversion` are the `cpa` rates and revenue shares that its conversions made due, `fixed` is all else;
    `least_cpa` is the least `cpa` rate that one more conversion would cost.
    """

    fixed: float = 0.0
    by_conversion: float = 0.0
    least_cpa: float = 0.0

    @property
    def total(self) -> float:
        """Return the whole."""
        return self.fixed + self.by_conversion


@dataclass(frozen=True)
class Figures:
    """What formulas are made of: one scope in one window. Money is in the campaign's currency.

    `invested`, `revenue` and `emv` are None where their inputs are not known; `target_reach` and
    `target_size` where the campaign has no target; `alignment`, which no window changes, where nobody in the
    scope is scored. Only the flight of a campaign with a budget has `budget` and `elapsed`, the share of the
    flight that has passed.
    """

    tally: Tally
    reach: Estimate
    invested: Invested | None
    revenue: float | None
    emv: float | None
    target_reach: Estimate | None = None
    target_size: int | None = None
    alignment: float | None = None
    budget: float | None = None
    elapsed: float | None = None
    spread: Spread = field(default_factory=Spread)

    @cached_property
    def families(self) -> Mapping[str, Mapping[str, float]]:
        """Return the tally's counts by family and kind: many formulas ask for the same ones."""
        return by_family(self.tally)

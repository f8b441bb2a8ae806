"""What a KPI is: all that is said of it, in one entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from models.kinds import Kind
from models.kpis.bounds import Bounds
from models.kpis.figures import Figures
from models.scopes import ALL_SCOPES, BOUNDED_SCOPES, ScopeName
from models.words import Language, Words

Unit = Literal["persons", "events", "ratio", "money"]
Form = Literal["count", "money", "number", "percent", "signed", "signed percent"]
"""How values are written: 1,234 · 12.30 EUR · 1.20 · 4.20% · +0.40 · +12.0%."""
Stage = Literal["visibility", "interaction", "conversion", "brand", "efficiency"]
STAGES: tuple[Stage, ...] = get_args(Stage)
"""The stages of the funnel, in its order."""
Direction = Literal["up", "down", "neutral"]
"""Which way is good."""
Bound = Literal["min", "max"]
Value = Any
"""A number or a column, one by each value of the label, or None where there is none."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The count that a KPI stands on: which KPI counts it, and below how many the figure misleads."""

    kpi: str
    least: int
    words: Words

    def said(self, language: Language) -> str:
        """Write the smallest sample, such as `20 conversions`."""
        return f"{self.least} {self.words.said(language)}"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What campaigns may declare of a KPI: a limit, and the smallest sample that alerts trust.

    `name` stands for the KPI in campaign files and in the label `kpi`. `least` and `most` bound what may be
    declared; `min_sample` holds where a campaign declares none.
    """

    name: str
    bound: Bound
    least: float | None = None
    most: float | None = None
    min_sample: int = 0

    @property
    def field(self) -> str:
        """The key of the limit in a campaign file."""
        return f"{self.name}_{self.bound}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One KPI.

    `id` is the metric's name without its scope. `abbreviation` is its usual short name, `heading` what stands
    over a narrow column; a `headline` is among the few that compare campaigns and influencers at a glance.
    `label` names what its values are told apart by, beside scope, window and currency; `kinds` lists what the
    label may say. `bounds` say how its 95 % bounds are made, where it has any, at `BOUNDED_SCOPES`; `always`,
    how those are that hold at every look at once, of a campaign over its flight. What is
    not `windowed` is the same in every window and has no such label. `tolerance` is how far a KPI that should
    be 1 may be from it before somebody should look.
    """

    id: str
    name: Words
    meaning: Words
    formula: Words
    compute: Callable[[Figures], Value]
    unit: Unit
    form: Form
    stage: Stage
    direction: Direction
    abbreviation: str = ""
    heading: str = ""
    headline: bool = False
    label: str | None = None
    kinds: tuple[Kind, ...] = ()
    scopes: tuple[ScopeName, ...] = ALL_SCOPES
    windowed: bool = True
    sample: Sample | None = None
    threshold: Threshold | None = None
    tolerance: float | None = None
    bounds: Bounds | None = None
    always: Bounds | None = None

    @property
    def short(self) -> str:
        """The abbreviation, else the English name."""
        return self.abbreviation or self.name.english

    @property
    def narrow(self) -> str:
        """What stands over a narrow column: the heading, else the short name."""
        return self.heading or self.short

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole that is counted, so that more than all is doubtful."""
        return self.form == "percent" and self.sample is not None

    def is_bounded(self, scope: ScopeName) -> bool:
        """Return whether the KPI has 95 % bounds at a scope."""
        return self.bounds is not None and scope in self.scopes and scope in BOUNDED_SCOPES

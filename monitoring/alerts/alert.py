"""What alerts and recording rules are."""

from dataclasses import dataclass
from typing import Literal

from models.words import Words

Severity = Literal["critical", "warning", "info", "none"]
"""Act now; act in working hours; know it; nobody is told (the dead man's switch)."""
Team = Literal["campaigns", "pipeline"]
"""Who is told: a campaign's owner, or whoever keeps the service running."""


@dataclass(frozen=True, slots=True)
class Help:
    """What the runbook says of an alert, in Markdown."""

    means: str
    look: str
    act: str
    wake: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    `expr` is PromQL; `waits` is how long it must hold before the alert fires, `stays` how long the alert goes
    on after it held last. `kpi` names the KPI that a campaign's alert judges,
    `summary` is a Go template.
    """

    name: str
    team: Team
    severity: Severity
    expr: str
    waits: str
    stays: str
    summary: Words
    description: str
    help: Help
    kpi: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording rule; as text it is the name of its series."""

    name: str
    expr: str

    def __str__(self) -> str:
        return self.name

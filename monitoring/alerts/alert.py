"""What an alert is, and the pieces of expressions that many share."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning", "info", "none"]

HELD = "2m"
"""A rebalance hides campaigns for seconds, a killed worker for half a minute: no alert is to end by that."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert.

    `expr` is PromQL; `waits` how long it must hold before the alert fires, `stays` how long the alert goes on
    after it held last. `summary` says in a sentence what is wrong, with the numbers; `description` what it
    means and to look at; `french` what is wrong, without the campaign's name. All are Go templates.
    """

    name: str
    expr: str
    waits: str
    severity: Severity
    summary: str
    description: str
    french: str
    stays: str = "0s"


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording rule: a name of the form level:metric:operation, and its PromQL."""

    name: str
    expr: str


def held(selector: str) -> str:
    """Give a gauge of the last minutes, whichever worker showed it."""
    return f"max without (instance, job) (last_over_time({selector}[{HELD}]))"


def hysteresis(name: str, fires: str, recovers: str) -> str:
    """Give what holds where an alert is to fire, and on where it fires until `recovers` holds no more."""
    goes_on = f'ALERTS{{alertname="{name}", alertstate="firing"}}'
    return f"(\n  {fires}\n) or (\n  {recovers}\n  and on (campaign) {goes_on}\n)"

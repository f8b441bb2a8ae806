"""Alerts on budgets: spent too fast, too slowly, nearly, entirely.

Pacing is the share of the budget spent divided by the share of the flight elapsed. Early in a flight it
swings widely with little money behind it. So the pace must be 15 % off and 5 % of the budget at stake: a
tenth into the flight that takes a pace of 1.5, from a third on the 15 % are enough.
"""

from models.kpis.catalogue import kpi, tolerance
from models.metrics.campaign_metrics import BUDGET
from models.windows import FLIGHT
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.series import RUNNING, held_kpi, of_running, with_hysteresis
from monitoring.alerts.wording import (
    CURRENCY,
    NAME,
    by_influencer,
    figure,
    form_of,
    heaviest,
    queried,
    sentence,
)
from monitoring.promql import select, select_kpi

_TOLERANCE = tolerance("pacing_ratio")
SPENT = held_kpi("budget_spent_ratio")
PACING = held_kpi("pacing_ratio")
_ELAPSED = f"({SPENT} / on (campaign) {PACING})"
_BUDGET = queried(select(BUDGET), "amount")
_HEAVIEST = heaviest(by_influencer("invested", FLIGHT), "what is spent")
_SPENT_FIGURE = figure(SPENT, form_of(kpi("budget_spent_ratio")))
_FIGURES = {"name": NAME, "spent": _SPENT_FIGURE, "pacing": figure(PACING, form_of(kpi("pacing_ratio")))}
_INVESTED = select_kpi("influencer", "invested", campaign="CAMPAIGN", window=FLIGHT)
_IMPRESSIONS = select_kpi("campaign", "impressions", campaign="CAMPAIGN", window="24h")
_LOOK = f"`kpis show CAMPAIGN`; `{_INVESTED}`; costs and budget as declared: `kpis campaigns show CAMPAIGN`."


def _ahead(pace: float, stake: float) -> str:
    return f"{PACING} > {pace} and on (campaign) {SPENT} - on (campaign) {_ELAPSED} > {stake}"


def _behind(pace: float, stake: float) -> str:
    return f"{PACING} < {pace} and on (campaign) {_ELAPSED} - on (campaign) {SPENT} > {stake}"


FAST = Alert(
    "CampaignSpendsTooFast", "campaigns", "warning",
    of_running(
        with_hysteresis("CampaignSpendsTooFast", _ahead(1 + _TOLERANCE, 0.05), _ahead(1.1, 0.04))
    ), "1h", "1h",
    sentence(
        "{name}: the budget goes {pacing} times as fast as the flight; {spent} is spent",
        "{name} : le budget s'épuise {pacing} fois plus vite que la campagne ; {spent} est dépensé",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}, more than 5 % of it ahead of the calendar."
    + _HEAVIEST,
    Help(
        "At this pace the money runs out before the flight ends. For the campaign's manager.",
        _LOOK,
        "Slow down what is paid by result (`cpm`, `cpc`, `cpa`), or raise the budget.",
        "Nobody at night.",
    ),
    kpi="pacing",
)  # fmt: skip
# With nothing spent the elapsed share is unknown: a day of running stands in for it.
_NOTHING = f"{PACING} == 0 and on (campaign) {RUNNING} offset 1d"
SLOW = Alert(
    "CampaignSpendsTooSlowly", "campaigns", "warning",
    of_running(
        with_hysteresis("CampaignSpendsTooSlowly", f"{_behind(1 - _TOLERANCE, 0.05)} or {_NOTHING}",
              f"{_behind(0.9, 0.04)} or {_NOTHING}")
    ), "6h", "1h",
    sentence(
        "{name}: the budget goes only {pacing} times as fast as the flight; {spent} is spent",
        "{name} : le budget ne s'épuise que {pacing} fois aussi vite que la campagne ; {spent} est dépensé",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}, more than 5 % of it behind the calendar.",
    Help(
        "The campaign does not spend what it was given: posts may be late, or events missing. For its "
        "manager.",
        _LOOK + f" Does it get events? `{_IMPRESSIONS}`.",
        "Ask whose posts are due; check links and pixels; or give the money to another campaign.",
        "Nobody at night.",
    ),
    kpi="pacing",
)  # fmt: skip
NEARLY = Alert(
    "CampaignBudgetNearlySpent", "campaigns", "info",
    of_running(f"{SPENT} >= 0.8"), "10m", "1h",
    sentence(
        "{name}: {spent} of the budget is spent, at {pacing} times the pace of the flight",
        "{name} : {spent} du budget est dépensé, à {pacing} fois le rythme de la campagne",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}." + _HEAVIEST,
    Help(
        "Four fifths of the budget are spent. At a pace of 1 that is on plan; above 1, the rest will not "
        "last.",
        _LOOK,
        "Nothing at a pace of about 1.",
        "Nobody.",
    ),
    kpi="budget",
)  # fmt: skip
# A campaign planned to the cent reaches 1 just as its flight ends, and no longer runs.
WHOLLY = Alert(
    "CampaignBudgetSpent", "campaigns", "critical",
    of_running(f"{SPENT} >= 1"), "5m", "1h",
    sentence(
        "{name}: {spent} of the budget is spent, and the campaign still runs",
        "{name} : {spent} du budget est dépensé, et la campagne continue",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}; what comes now is beyond it." + _HEAVIEST,
    Help(
        "Every further result costs money that nobody granted. For the campaign's manager, now.",
        _LOOK,
        "Stop what is paid by result, or raise `budget` with `kpis campaigns apply`.",
        "The owner, if contracts paid by result run on without a cap.",
    ),
    kpi="budget",
)  # fmt: skip

RECORDINGS = (SPENT, PACING)
ALERTS = (FAST, SLOW, NEARLY, WHOLLY)

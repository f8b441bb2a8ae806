"""Alerts on budgets: spent too fast, too slowly, nearly, wholly.

Pacing is the share of the budget that is spent by the share of the flight that has passed. Early in a flight
it is wild and little money is behind it; so besides being 15 % off the pace, 5 % of the budget must be at
stake: a tenth into the flight that is half as fast again, from a third on it is the 15 %.
"""

from models.kpis.catalogue import kpi, tolerance
from models.metrics.campaign_metrics import BUDGET
from models.windows import FLIGHT
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.series import RUNNING, held_kpi, of_running, until
from monitoring.alerts.wording import (
    CURRENCY,
    NAME,
    asked,
    by_influencer,
    figure,
    form_of,
    told,
    weighs,
)
from monitoring.promql import select, select_kpi

_TOLERANCE = tolerance("pacing_ratio")
SPENT = held_kpi("budget_spent_ratio")
PACING = held_kpi("pacing_ratio")
_ELAPSED = f"({SPENT} / on (campaign) {PACING})"
_BUDGET = asked(select(BUDGET), "amount")
_HEAVIEST = weighs(by_influencer("invested", FLIGHT), "what is spent")
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
        until("CampaignSpendsTooFast", _ahead(1 + _TOLERANCE, 0.05), _ahead(1.1, 0.04))
    ), "1h", "1h",
    told(
        "{name}: the budget goes {pacing} times as fast as the flight; {spent} is spent",
        "{name} : le budget s'épuise {pacing} fois plus vite que la campagne ; {spent} est dépensé",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}, more than 5 % of it ahead of the calendar."
    + _HEAVIEST,
    Help(
        "At this pace the money is gone before the flight is. For the campaign's manager.",
        _LOOK,
        "Slow down what is paid by result (`cpm`, `cpc`, `cpa`), or raise the budget.",
        "Nobody at night.",
    ),
    kpi="pacing",
)  # fmt: skip
# Where nothing is spent the elapsed share cannot be told: a day of running stands for it.
_NOTHING = f"{PACING} == 0 and on (campaign) {RUNNING} offset 1d"
SLOW = Alert(
    "CampaignSpendsTooSlowly", "campaigns", "warning",
    of_running(
        until("CampaignSpendsTooSlowly", f"{_behind(1 - _TOLERANCE, 0.05)} or {_NOTHING}",
              f"{_behind(0.9, 0.04)} or {_NOTHING}")
    ), "6h", "1h",
    told(
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
    told(
        "{name}: {spent} of the budget is spent, at {pacing} times the pace of the flight",
        "{name} : {spent} du budget est dépensé, à {pacing} fois le rythme de la campagne",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}." + _HEAVIEST,
    Help(
        "Four fifths are spent. At a pace of 1 that is as planned; above, it will not last.",
        _LOOK,
        "Nothing at a pace of about 1.",
        "Nobody.",
    ),
    kpi="budget",
)  # fmt: skip
# A campaign that is planned to the cent reaches 1 as its flight ends, and is none that runs by then.
WHOLLY = Alert(
    "CampaignBudgetSpent", "campaigns", "critical",
    of_running(f"{SPENT} >= 1"), "5m", "1h",
    told(
        "{name}: {spent} of the budget is spent, and the campaign still runs",
        "{name} : {spent} du budget est dépensé, et la campagne continue",
        **_FIGURES,
    ),
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}; what comes now is beyond it." + _HEAVIEST,
    Help(
        "Every further result costs money that was not granted. For the campaign's manager, now.",
        _LOOK,
        "Stop what is paid by result, or raise `budget` with `kpis campaigns apply`.",
        "The owner, where contracts by result go on without a cap.",
    ),
    kpi="budget",
)  # fmt: skip

RECORDINGS = (SPENT, PACING)
ALERTS = (FAST, SLOW, NEARLY, WHOLLY)

"""Alerts on budgets: likely to be overspent, underspent, nearly and entirely spent.

What counts is what the flight's end will show, not the pace of today: costs fall due unevenly, and a pace
early in a flight stands on little money.
"""

from models.kpis.catalogue import kpi
from models.metrics.campaign_metrics import BUDGET
from models.metrics.kpi_metrics import SIDES
from models.windows import FLIGHT
from monitoring.alerts.alert import Alert, Help
from monitoring.alerts.series import BEYOND, concern, held_kpi, of_running
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

SPENT = held_kpi("budget_spent_ratio")
_FORECAST = kpi("forecast_spent_ratio")
_FORECAST_FIGURE, _LEAST, _MOST = (
    queried(select_kpi("campaign", _FORECAST.id, side), form_of(_FORECAST)) for side in (None, *SIDES)
)
_BUDGET = queried(select(BUDGET), "amount")
_HEAVIEST = heaviest(by_influencer("invested", FLIGHT), "what is spent")
_SPENT_FIGURE = figure(SPENT, form_of(kpi("budget_spent_ratio")))
_FIGURES = {"name": NAME, "spent": _SPENT_FIGURE, "forecast": _FORECAST_FIGURE}
_SAID = (
    f"Spent: {_SPENT_FIGURE} of {_BUDGET} {CURRENCY}. By the end of the flight it is likely {_LEAST} to "
    f"{_MOST}."
)
_INVESTED = select_kpi("influencer", "invested", campaign="CAMPAIGN", window=FLIGHT)
_IMPRESSIONS = select_kpi("campaign", "impressions", campaign="CAMPAIGN", window="24h")
_LOOK = f"`kpis show CAMPAIGN`; `{_INVESTED}`; costs and budget as declared: `kpis campaigns show CAMPAIGN`."
_OVERSPENDS = f"{concern('overspend')} == {BEYOND}"

FAST = Alert(
    "CampaignSpendsTooFast", "campaigns", "warning",
    of_running(_OVERSPENDS), "1h", "1h",
    sentence(
        "{name}: likely to overspend: {forecast} of the budget by the end of the flight; {spent} is spent",
        "{name} : dépassement probable : {forecast} du budget à la fin de la campagne ; {spent} est dépensé",
        **_FIGURES,
    ),
    _SAID + _HEAVIEST,
    Help(
        "As it goes, the money runs out before the flight ends. For the campaign's manager.",
        _LOOK,
        "Slow down what is paid by result (`cpm`, `cpc`, `cpa`), or raise the budget.",
        "Nobody at night.",
    ),
    kpi="pacing",
)  # fmt: skip
SLOW = Alert(
    "CampaignSpendsTooSlowly", "campaigns", "warning",
    of_running(f"{concern('underspend')} == {BEYOND}"), "6h", "1h",
    sentence(
        "{name}: likely to underspend: {forecast} of the budget by the end of the flight; {spent} is spent",
        "{name} : sous-utilisation probable du budget : {forecast} à la fin de la campagne ; {spent} est "
        "dépensé",
        **_FIGURES,
    ),
    _SAID,
    Help(
        "As it goes, the campaign will not spend what it was given: posts may be late, or events missing. "
        "For its manager.",
        _LOOK + f" Does it get events? `{_IMPRESSIONS}`.",
        "Ask whose posts are due; check links and pixels; or give the money to another campaign.",
        "Nobody at night.",
    ),
    kpi="pacing",
)  # fmt: skip
# Four fifths are spent in every campaign that goes to plan: only those that will spend more are told.
NEARLY = Alert(
    "CampaignBudgetNearlySpent", "campaigns", "info",
    of_running(f"{SPENT} >= 0.8 and on (campaign) {_OVERSPENDS}"), "10m", "1h",
    sentence(
        "{name}: {spent} of the budget is spent, and it will likely not last: {forecast} by the end",
        "{name} : {spent} du budget est dépensé, et il ne suffira probablement pas : {forecast} à la fin",
        **_FIGURES,
    ),
    _SAID + _HEAVIEST,
    Help(
        "Four fifths of the budget are spent, and as it goes the rest will not last. Of a campaign on plan "
        "nothing is said.",
        _LOOK,
        "Decide now what is stopped, or raise the budget.",
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

RECORDINGS = (SPENT,)
ALERTS = (FAST, SLOW, NEARLY, WHOLLY)

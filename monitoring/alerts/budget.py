"""Alerts on campaigns' budgets and on campaigns that fell silent."""

from models.catalogue import PACING_TOLERANCE
from monitoring.alerts.alert import Alert, held
from monitoring.alerts.annotations import AMOUNT, SHARE, WHOLE, figure, heaviest, label, value
from monitoring.alerts.running import of_running

_SPENT, _PACE = held("kpi_campaign_budget_spent_ratio"), held("kpi_campaign_pacing_ratio")
# Pacing is the share spent by the share elapsed.
_ELAPSED = f"({_SPENT} / {_PACE})"
_LIVELY = 240
"""Events in a day: ten an hour. With fewer an hour without any says nothing."""

_ABOUT_SPENT = f"Spent: {figure('kpi_campaign_budget_spent_ratio', SHARE)} of the budget."
_ABOUT_PACE = f"Pace: {figure('kpi_campaign_pacing_ratio', AMOUNT)} times that of the flight."

FAST = Alert(
    "CampaignSpendsTooFast",
    of_running(f"{_PACE} > {1 + PACING_TOLERANCE} and on (campaign) {_ELAPSED} > 0.1"),
    "1h",
    "warning",
    f"{label('name')}: the budget goes {value(AMOUNT)} times as fast as the flight passes",
    f"{_ABOUT_SPENT} Not told in the first tenth of the flight." + heaviest("invested", "costs", "flight"),
    stays="1h",
    french=f"le budget part {value(AMOUNT)} fois plus vite que le temps de la campagne",
)

SLOW = Alert(
    "CampaignSpendsTooSlowly",
    of_running(f"{_PACE} < {1 - PACING_TOLERANCE} and on (campaign) {_ELAPSED} > 0.1"),
    "6h",
    "info",
    f"{label('name')}: the budget goes only {value(AMOUNT)} times as fast as the flight passes",
    f"{_ABOUT_SPENT} Not told in the first tenth of the flight.",
    stays="1h",
    french=f"le budget part trop lentement : {value(AMOUNT)} fois le rythme de la campagne",
)

NEARLY_SPENT = Alert(
    "CampaignBudgetNearlySpent",
    of_running(f"{_SPENT} >= 0.8 <= 1 and on (campaign) {_ELAPSED} < 0.8"),
    "10m",
    "warning",
    f"{label('name')}: {value(SHARE)} of the budget is spent, before 80 % of the flight has passed",
    _ABOUT_PACE + heaviest("invested", "costs", "flight"),
    stays="30m",
    french=f"{value(SHARE)} du budget est dépensé, avant 80 % de la campagne",
)

SPENT = Alert(
    "CampaignBudgetSpent",
    of_running(f"{_SPENT} > 1"),
    "10m",
    "critical",
    f"{label('name')}: {value(SHARE)} of the budget is spent, and the campaign runs on",
    _ABOUT_PACE + heaviest("invested", "costs", "flight"),
    stays="30m",
    french=f"{value(SHARE)} du budget est dépensé, et la campagne continue",
)


def _events(window: str) -> str:
    names = "kpi_campaign_(impressions|clicks|interactions|video_views|conversions)"
    selector = f'{{__name__=~"{names}", window="{window}"}}'
    return f"sum by (campaign) (max by (__name__, campaign, kind) (last_over_time({selector}[2m])))"


SILENT = Alert(
    "CampaignSilent",
    of_running(f"{_events('24h')} > {_LIVELY} and on (campaign) {_events('1h')} == 0"),
    "10m",
    "warning",
    f"{label('name')}: no event in the last hour, after {value(WHOLE)} in a day",
    "The pixel, its links or the platform's export may be broken; where all are silent, the producers.",
    stays="15m",
    french=f"aucun événement depuis une heure, après {value(WHOLE)} en un jour",
)

ALERTS = (FAST, SLOW, NEARLY_SPENT, SPENT, SILENT)

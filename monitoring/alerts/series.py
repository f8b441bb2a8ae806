"""What campaign alerts compare: one series per campaign, whichever worker shows it.

A rebalance hides campaigns for a few seconds, a killed worker for up to half a minute, and they may come back
on another page. So each figure is recorded without the worker that showed it, and held for two minutes. What
is matched one to one is reduced to one series per campaign here: two would make the rule fail for all.
"""

from models.kpis.concerns import Concern
from models.metrics.campaign_metrics import CONCERN_VERDICT, INFO, THRESHOLD, VERDICT
from models.metrics.kpi_metrics import Side
from models.windows import FLIGHT, WindowName
from monitoring.alerts.alert import Recording
from monitoring.promql import Selector, select, select_kpi

HELD = "2m"


def held(name: str, selector: Selector, *labels: str) -> Recording:
    """Record the largest value per campaign and `labels`: that of now, or else of the last two minutes."""
    by = f"max by ({', '.join(('campaign', *labels))})"
    return Recording(f"campaign:{name}", f"{by} ({selector})\nor\n{by} (last_over_time({selector}[{HELD}]))")


def held_kpi(identifier: str, window: WindowName | None = None, side: Side | None = None) -> Recording:
    """Record a KPI of campaigns, or one of its bounds; without a window if it has none."""
    name = identifier + (f"_{side}" if side else "")
    if window is None:
        return held(f"{name}:held", select_kpi("campaign", identifier, side))
    return held(f"{name}:{window}", select_kpi("campaign", identifier, side, window=window))


_ABOUT = "campaign, name, owner, currency"
_NOW = select(INFO, status="running")
# A renamed campaign has two series for as long as the old one is held: one is picked.
RUNNING = Recording(
    "campaign:running:info",
    f"topk by (campaign) (1, max by ({_ABOUT}) ({_NOW}))\nor on (campaign)\n(topk by (campaign) (1, max by "
    f"({_ABOUT}) (last_over_time({_NOW}[{HELD}]))) "
    f"unless on (campaign) {INFO})",
)
HELD_THRESHOLD = held("threshold:held", select(THRESHOLD), "kpi", "bound")
HELD_VERDICT = held(f"verdict:{FLIGHT}", select(VERDICT, window=FLIGHT), "kpi")
HELD_CONCERN = held("concern:held", select(CONCERN_VERDICT), "concern")
BEYOND = -1
"""The verdict that alerts; 0 is too early to say, 1 fine."""

RECORDINGS = (RUNNING, HELD_THRESHOLD, HELD_VERDICT, HELD_CONCERN)


def threshold(name: str) -> Selector:
    """Select the threshold with this name; a campaign has one series of it, a minimum or a maximum."""
    return Selector(HELD_THRESHOLD.name, (f'kpi="{name}"',))


def verdict(name: str) -> Selector:
    """Select the verdict over the flight on the KPI with this threshold; a campaign has one series of it."""
    return Selector(HELD_VERDICT.name, (f'kpi="{name}"',))


def concern(name: Concern) -> Selector:
    """Select the verdict on a concern; a campaign has one series of it."""
    return Selector(HELD_CONCERN.name, (f'concern="{name}"',))


def of_running(expression: str) -> str:
    """Keep running campaigns and add their owner.

    The name is not a label of the alert: renaming a campaign would end one alert and begin another.
    """
    return f"({expression})\n* on (campaign) group_left (owner) {RUNNING}"

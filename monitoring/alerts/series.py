"""What campaigns' alerts compare: a series a campaign, whichever worker shows it.

A rebalance hides campaigns for some seconds, a killed worker for up to half a minute, and they may come back
on another page. So each figure is recorded without the worker that showed it, and held for two minutes.
What is compared one to one is made to be one a campaign here: were it two, the rule would fail for all.
"""

from models.kpis import catalogue
from models.kpis.catalogue import kpi_judged_by
from models.metrics.campaign_metrics import INFO, MIN_SAMPLE, THRESHOLD
from models.metrics.kpi_metrics import Side
from models.windows import WindowName
from monitoring.alerts.alert import Recording
from monitoring.promql import Selector, select, select_kpi

HELD = "2m"


def held(name: str, selector: Selector, *labels: str) -> Recording:
    """Record the largest of each campaign and `labels`, now or else of the last two minutes."""
    by = f"max by ({', '.join(('campaign', *labels))})"
    return Recording(f"campaign:{name}", f"{by} ({selector})\nor\n{by} (last_over_time({selector}[{HELD}]))")


def held_kpi(identifier: str, window: WindowName | None = None, side: Side | None = None) -> Recording:
    """Record a KPI of each campaign, or one of its bounds; without a window where it has none."""
    name = identifier + (f"_{side}" if side else "")
    if window is None:
        return held(f"{name}:held", select_kpi("campaign", identifier, side))
    return held(f"{name}:{window}", select_kpi("campaign", identifier, side, window=window))


def held_count(identifier: str, window: WindowName) -> Recording:
    """Record as `held_kpi` does what is counted by kind: each kind's largest, added up."""
    selector = select_kpi("campaign", identifier, window=window)
    now, before = (
        f"sum by (campaign) (max without (instance, job) ({what}))"
        for what in (selector, f"last_over_time({selector}[{HELD}])")
    )
    return Recording(f"campaign:{identifier}:{window}", f"{now}\nor\n{before}")


_ABOUT = "campaign, name, owner, currency"
_NOW = select(INFO, status="running")
# A change of name or status leaves two series for as long as the older one is held: one is chosen.
RUNNING = Recording(
    "campaign:running:info",
    f"topk by (campaign) (1, max by ({_ABOUT}) ({_NOW}))\nor on (campaign)\n(topk by (campaign) (1, max by "
    f"({_ABOUT}) (last_over_time({_NOW}[{HELD}]))) "
    f"unless on (campaign) {INFO})",
)
HELD_THRESHOLD = held("threshold:held", select(THRESHOLD), "kpi", "bound")
HELD_MIN_SAMPLE = held("min_sample:held", select(MIN_SAMPLE), "kpi")

RECORDINGS = (RUNNING, HELD_THRESHOLD, HELD_MIN_SAMPLE)


def threshold(name: str) -> Selector:
    """Select the threshold of a KPI: a KPI has one, a minimum or a maximum."""
    return Selector(HELD_THRESHOLD.name, (f'kpi="{name}"',))


def margin(name: str) -> str:
    """Return how much better than its threshold the KPI must be for its alert to end, in words."""
    return "0.05" if _is_signed(name) else "5 %"


def recovered(name: str) -> str:
    """Select what the threshold becomes for an alert that fires: better by the margin."""
    sign = {"min": "+", "max": "-"}[catalogue.threshold(name).bound]
    if _is_signed(name):
        return f"{threshold(name)} {sign} 0.05"
    return f"{'1.05' if sign == '+' else '0.95'} * {threshold(name)}"


def _is_signed(name: str) -> bool:
    """Return whether the KPI may be negative, where a share of its threshold would be no margin."""
    return kpi_judged_by(name).form in ("signed", "signed percent")


def sample(name: str, window: WindowName) -> Recording:
    """Record the sample that the KPI with this threshold rests on."""
    counted = kpi_judged_by(name).sample
    assert counted is not None
    return held_count(counted.kpi, window)


def with_sample(expression: str, name: str, window: WindowName) -> str:
    """Keep campaigns whose sample is at least the smallest that they trust; where it is absent it is 0."""
    smallest = Selector(HELD_MIN_SAMPLE.name, (f'kpi="{name}"',))
    return (
        f"({expression})\nand on (campaign)\n(({sample(name, window)} or on (campaign) 0 * {smallest}) >= "
        f"on (campaign) {smallest})"
    )


def until(name: str, fires: str, recovers: str) -> str:
    """Hold where an alert is to fire, and where it fires until `recovers` holds no more."""
    return f'({fires})\nor\n(({recovers}) and on (campaign) ALERTS{{alertname="{name}",alertstate="firing"}})'


def of_running(expression: str) -> str:
    """Keep running campaigns, with their owner.

    The name is no label of an alert: to rename a campaign would end the alert and begin another.
    """
    return f"({expression})\n* on (campaign) group_left (owner) {RUNNING}"

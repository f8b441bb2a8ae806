"""What campaign alerts compare: one series per campaign, whichever worker shows it.

A rebalance hides campaigns for a few seconds, a killed worker for up to half a minute, and they may come back
on another page. So each figure is recorded without the worker that showed it, and held for two minutes. What
is matched one to one is reduced to one series per campaign here: two would make the rule fail for all.
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
    """Record the largest value per campaign and `labels`: that of now, or else of the last two minutes."""
    by = f"max by ({', '.join(('campaign', *labels))})"
    return Recording(f"campaign:{name}", f"{by} ({selector})\nor\n{by} (last_over_time({selector}[{HELD}]))")


def held_kpi(identifier: str, window: WindowName | None = None, side: Side | None = None) -> Recording:
    """Record a KPI of campaigns, or one of its bounds; without a window if it has none."""
    name = identifier + (f"_{side}" if side else "")
    if window is None:
        return held(f"{name}:held", select_kpi("campaign", identifier, side))
    return held(f"{name}:{window}", select_kpi("campaign", identifier, side, window=window))


def held_count(identifier: str, window: WindowName) -> Recording:
    """Record a KPI that is counted by kind, held as by `held_kpi`: the largest of each kind, added up."""
    selector = select_kpi("campaign", identifier, window=window)
    now, before = (
        f"sum by (campaign) (max without (instance, job) ({what}))"
        for what in (selector, f"last_over_time({selector}[{HELD}])")
    )
    return Recording(f"campaign:{identifier}:{window}", f"{now}\nor\n{before}")


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
HELD_MIN_SAMPLE = held("min_sample:held", select(MIN_SAMPLE), "kpi")

RECORDINGS = (RUNNING, HELD_THRESHOLD, HELD_MIN_SAMPLE)


def threshold(name: str) -> Selector:
    """Select the threshold with this name; a campaign has one series of it, a minimum or a maximum."""
    return Selector(HELD_THRESHOLD.name, (f'kpi="{name}"',))


def margin(name: str) -> str:
    """Say by how much the KPI must beat its threshold for the alert to end."""
    return "0.05" if _is_signed(name) else "5 %"


def recovered(name: str) -> str:
    """Write the limit that a firing alert compares with: the threshold, moved by the margin."""
    sign = {"min": "+", "max": "-"}[catalogue.threshold(name).bound]
    if _is_signed(name):
        return f"{threshold(name)} {sign} 0.05"
    return f"{'1.05' if sign == '+' else '0.95'} * {threshold(name)}"


def _is_signed(name: str) -> bool:
    """Return whether the KPI may be negative, where a share of its threshold would be no margin."""
    return kpi_judged_by(name).form in ("signed", "signed percent")


def sample(name: str, window: WindowName) -> Recording:
    """Record the sample of the KPI with this threshold."""
    counted = kpi_judged_by(name).sample
    assert counted is not None
    return held_count(counted.kpi, window)


def with_sample(expression: str, name: str, window: WindowName) -> str:
    """Keep campaigns whose sample reaches their minimum; an absent sample counts as 0."""
    smallest = Selector(HELD_MIN_SAMPLE.name, (f'kpi="{name}"',))
    return (
        f"({expression})\nand on (campaign)\n(({sample(name, window)} or on (campaign) 0 * {smallest}) >= "
        f"on (campaign) {smallest})"
    )


def with_hysteresis(name: str, starts: str, lasts: str) -> str:
    """Start where `starts` holds, and go on for as long as `lasts` holds too once the alert fires."""
    return f'({starts})\nor\n(({lasts}) and on (campaign) ALERTS{{alertname="{name}",alertstate="firing"}})'


def of_running(expression: str) -> str:
    """Keep running campaigns and add their owner.

    The name is not a label of the alert: renaming a campaign would end one alert and begin another.
    """
    return f"({expression})\n* on (campaign) group_left (owner) {RUNNING}"

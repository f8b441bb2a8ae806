"""What campaigns' alerts compare: a series a campaign, whichever worker shows it.

A rebalance hides campaigns for some seconds, a killed worker for up to half a minute, and they may come back
on another page. So each figure is recorded without the worker that showed it, and held for two minutes.
What is compared one to one is made to be one a campaign here: were it two, the rule would fail for all.
"""

from typing import Literal

from models.kpis.catalogue import kpi_judged_by
from monitoring.alerts.alert import Recording

Window = Literal["24h", "flight"]

HELD = "2m"


def held(name: str, selector: str, *labels: str) -> Recording:
    """Record the largest of each campaign and `labels`, now or else of the last two minutes."""
    by = f"max by ({', '.join(('campaign', *labels))})"
    return Recording(f"campaign:{name}", f"{by} ({selector})\nor\n{by} (last_over_time({selector}[{HELD}]))")


def held_sum(name: str, selector: str) -> Recording:
    """Record as `held` does what is told by kind: each kind's largest, added up."""
    now, before = (
        f"sum by (campaign) (max without (instance, job) ({what}))"
        for what in (selector, f"last_over_time({selector}[{HELD}])")
    )
    return Recording(f"campaign:{name}", f"{now}\nor\n{before}")


_ABOUT = "campaign, name, owner, currency"
_NOW = 'kpi_campaign_info{status="running"}'
# A change of name or status leaves two series for as long as the older one is held: one is chosen.
RUNNING = Recording(
    "campaign:running:info",
    f"topk by (campaign) (1, max by ({_ABOUT}) ({_NOW}))\nor on (campaign)\n(topk by (campaign) (1, max by "
    f"({_ABOUT}) (last_over_time({_NOW}[{HELD}]))) "
    "unless on (campaign) kpi_campaign_info)",
)
THRESHOLD = held("threshold:held", "kpi_campaign_threshold", "kpi", "bound")
MIN_SAMPLE = held("min_sample:held", "kpi_campaign_min_sample", "kpi")

RECORDINGS = (RUNNING, THRESHOLD, MIN_SAMPLE)


def threshold(kpi: str) -> str:
    """Select the threshold of a KPI: a KPI has one, a minimum or a maximum."""
    return f'{THRESHOLD}{{kpi="{kpi}"}}'


def sample(kpi: str, window: Window) -> Recording:
    """Record the sample that a KPI with a threshold rests on."""
    judged = kpi_judged_by(kpi)
    assert judged.sample is not None
    metric = judged.sample.kpi
    return held_sum(f"{metric}:{window}", f'kpi_campaign_{metric}{{window="{window}"}}')


def with_sample(expression: str, kpi: str, window: Window) -> str:
    """Keep campaigns whose sample is at least the smallest that they trust; where it is absent it is 0."""
    smallest = f'{MIN_SAMPLE}{{kpi="{kpi}"}}'
    return (
        f"({expression})\nand on (campaign)\n(({sample(kpi, window)} or on (campaign) 0 * {smallest}) >= "
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

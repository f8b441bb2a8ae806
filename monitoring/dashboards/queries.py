"""PromQL for one series per thing shown, whichever worker shows it.

Labels are named (`max by`), so that those that the scrape adds (instance, job, pod) split nothing. While a
campaign moves between workers it is on no page for a few seconds: its last value of a minute stands in.
"""

from collections.abc import Iterable

from models.kpis import catalogue
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import INFO, THRESHOLD
from models.metrics.kpi_metrics import Side, kpi_metric, label_names
from models.metrics.metric import Metric
from models.scopes import LABELS, ScopeName
from monitoring.promql import Selector

STANDS_IN = "1m"
THIS_CAMPAIGN = 'campaign="$campaign"'
OF_INFLUENCERS = (THIS_CAMPAIGN, 'influencer=~"$influencer"')
CHOSEN_WINDOW = 'window="$window"'


def latest(metric: Metric, labels: Iterable[str], *where: str) -> str:
    """Read a gauge by labels."""
    chosen = Selector(metric.name, where)
    return f"max by ({', '.join(labels)}) (last_over_time({chosen}[{STANDS_IN}]))"


def of_kpi(kpi: Kpi, scope: ScopeName, *where: str, side: Side | None = None) -> str:
    """Read a KPI, or one of its bounds, in the chosen window; by kind if it has kinds."""
    labels = [label for label in label_names(scope, kpi) if label != "window"]
    window = [CHOSEN_WINDOW] if kpi.windowed else []
    return latest(kpi_metric(kpi, scope, side), labels, *where, *window)


def total_of_kpi(kpi: Kpi, scope: ScopeName, *where: str) -> str:
    """Read a KPI as one number: kinds add up, and what is shown without any of them has 0."""
    if not kpi.label:
        return of_kpi(kpi, scope, *where)
    labels = LABELS[scope]
    shown = latest(kpi_metric(catalogue.kpi("impressions"), scope), labels, *where, CHOSEN_WINDOW)
    return f"(sum by ({', '.join(labels)}) ({of_kpi(kpi, scope, *where)}) or 0 * {shown})"


def threshold(key: str, *where: str) -> str:
    """Read the threshold of a KPI."""
    return latest(THRESHOLD, ["campaign", "bound"], *where, f'kpi="{key}"')


def about_campaigns(*where: str) -> str:
    """Read what campaigns declare, once each: as shown now, or else a moment ago."""
    labels = "campaign, name, owner, currency, status"
    chosen = Selector(INFO.name, where)
    now = f"max by ({labels}) ({chosen})"
    before = f"max by ({labels}) (last_over_time({chosen}[{STANDS_IN}]))"
    return f"{now} or ({before} unless on (campaign) {INFO})"


def of_these_campaigns(expression: str, *where: str) -> str:
    """Keep the series of campaigns whose info matches."""
    return f"({expression}) and on (campaign) {latest(INFO, ['campaign'], *where)}"


def rate_of_fleet(metric: Metric, labels: Iterable[str]) -> str:
    """Return the growth of a counter that moves with its partition from worker to worker.

    While a partition moves, the sum over workers dips or counts it twice for a few seconds, which `rate`
    would take for a restart. The median of a minute smooths that out.
    """
    summed = f"sum by ({', '.join(labels)}) ({metric})"
    return f"clamp_min(deriv(quantile_over_time(0.5, ({summed})[1m:15s])[5m:15s]), 0)"

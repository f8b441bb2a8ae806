"""Campaigns as metric families: their KPIs, what is declared of them, and lifetime counters."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from exporters.kpi_families import KpiFamilies
from models.campaigns.campaign import Campaign, Registry
from models.kpis.catalogue import CONVERSION_KINDS, INTERACTION_KINDS
from models.readings.reading import Reading, budget_spent, pacing, read_campaign
from models.state.shard_states import ShardStates
from models.tally import by_suffix
from models.windows import FLIGHT

Families = dict[str, GaugeMetricFamily]
_THRESHOLDS = (
    ("cpa", "max", "cpa_max"),
    ("engagement", "min", "engagement_min"),
    ("ctr", "min", "ctr_min"),
    ("roi", "min", "roi_min"),
    ("sentiment", "min", "sentiment_min"),
)
_KINDS = (("interactions", "interactions", INTERACTION_KINDS), ("conversions", "orders", CONVERSION_KINDS))


def collect_campaigns(
    kpis: KpiFamilies, folds: ShardStates, registry: Registry, now: int
) -> Iterator[Metric]:
    """Add to `kpis` every campaign of these folds shown at `now` (microseconds); give its other families."""
    about = _about_families()
    lifetime = _lifetime_families()
    for campaign in registry.campaigns.values():
        fold = folds.of(campaign.id)
        if fold is None or not campaign.shown(now):
            continue
        readings = read_campaign(fold, campaign, registry, now)
        for reading in readings:
            kpis.add(reading, campaign)
        flight = next(r for r in readings if r.scope.name == "campaign" and r.window == FLIGHT)
        _add_about(about, campaign, flight, now)
        _add_lifetime(lifetime, campaign, flight)
    _add_invalid(lifetime["invalid"], folds, registry, now)
    yield from about.values()
    yield from lifetime.values()


def _about_families() -> Families:
    def gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"kpi_campaign_{name}", text, labels=["campaign", *labels])

    return {
        "info": gauge(
            "info", "1 for each campaign: its name, owner, currency and status",
            "name", "owner", "currency", "status",
        ),
        "budget": gauge("budget", "Budget of the campaign", "currency"),
        "spent": gauge("budget_spent_ratio", "Invested in the flight by unit of budget"),
        "pacing": gauge("pacing_ratio", "Share of the budget spent by share of the flight elapsed"),
        "threshold": gauge("threshold", "Threshold that alerts compare the KPI with", "kpi", "bound"),
        "sample": gauge("min_sample", "Smallest sample that alerts on the KPI trust", "kpi"),
    }  # fmt: skip


def _add_about(families: Families, campaign: Campaign, flight: Reading, now: int) -> None:
    about = [campaign.name, campaign.owner or "", campaign.currency, campaign.status(now)]
    families["info"].add_metric([campaign.id, *about], 1)
    if campaign.budget is not None:
        families["budget"].add_metric([campaign.id, campaign.currency], campaign.budget)
    spent = budget_spent(campaign, flight.figures)
    if spent is not None:
        families["spent"].add_metric([campaign.id], spent)
    pace = pacing(campaign, flight.figures, now)
    if pace is not None:
        families["pacing"].add_metric([campaign.id], pace)
    for kpi, bound, field in _THRESHOLDS:
        limit = getattr(campaign.thresholds, field)
        if limit is not None:
            families["threshold"].add_metric([campaign.id, kpi, bound], limit)
        families["sample"].add_metric([campaign.id, kpi], getattr(campaign.min_sample, kpi))


def _lifetime_families() -> dict[str, CounterMetricFamily]:
    def counter(name: str, text: str, *labels: str) -> CounterMetricFamily:
        return CounterMetricFamily(f"kpi_campaign_{name}", text, labels=["campaign", *labels])

    return {
        "impressions": counter("lifetime_impressions", "Impressions since the flight began"),
        "clicks": counter("lifetime_clicks", "Link clicks since the flight began"),
        "interactions": counter("lifetime_interactions", "Interactions since the flight began", "kind"),
        "conversions": counter("lifetime_conversions", "Confirmed orders seen", "kind"),
        "cancellations": counter("lifetime_cancellations", "Confirmed orders that were cancelled"),
        "invalid": counter("invalid_traffic", "Invalid traffic kept out of every KPI", "type", "reason"),
    }


def _add_lifetime(families: Mapping[str, CounterMetricFamily], campaign: Campaign, flight: Reading) -> None:
    tally = flight.figures.tally
    for name in ("impressions", "clicks", "cancellations"):
        families[name].add_metric([campaign.id], tally.get(name, 0))
    # From the start, for Prometheus sees no increase in a counter that comes into being with a count.
    for name, family, kinds in _KINDS:
        counts = dict.fromkeys(kinds, 0) | by_suffix(tally, family)
        for kind, count in counts.items():
            families[name].add_metric([campaign.id, kind], count)


def _add_invalid(family: CounterMetricFamily, folds: ShardStates, registry: Registry, now: int) -> None:
    for (name, event_type, reason), count in folds.invalid_traffic().items():
        campaign = registry.campaigns.get(name)
        if campaign is not None and campaign.shown(now):
            family.add_metric([name, event_type, reason], count)

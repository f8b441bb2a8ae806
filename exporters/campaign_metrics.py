"""Campaigns as metric families: what is declared of them, verdicts, and lifetime counters."""

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import Metric as PrometheusMetric

from exporters.families import Family, family_of
from models.campaigns.campaign import Campaign
from models.campaigns.registry import Registry
from models.kinds import CONVERSIONS, INTERACTIONS, names
from models.kpis.catalogue import THRESHOLDS
from models.metrics import campaign_metrics as metrics
from models.metrics.metric import Metric
from models.readings.columns import Columns
from models.readings.pipeline import Pipeline
from models.readings.reading import readings_of
from models.readings.scope_reading import Reading
from models.readings.subject import Subject
from models.readings.verdicts import concerns, verdicts
from models.state.shard_states import ShardStates
from models.tally import by_suffix
from models.windows import FLIGHT

Families = Mapping[Metric, Family]
_COUNTS = (
    (metrics.LIFETIME_IMPRESSIONS, "impressions"),
    (metrics.LIFETIME_CLICKS, "clicks"),
    (metrics.LIFETIME_CANCELLATIONS, "cancellations"),
)
_COUNTS_BY_KIND = (
    (metrics.LIFETIME_INTERACTIONS, "interactions", names(INTERACTIONS)),
    (metrics.LIFETIME_CONVERSIONS, "orders", names(CONVERSIONS)),
)


def collect_campaigns(
    read: Iterable[tuple[Subject, Columns]], pipeline: Pipeline, now: int
) -> Iterator[PrometheusMetric | None]:
    """Return campaigns' other families, from what was read of campaigns at `now` (microseconds).

    And None where others may have their turn.
    """
    families = {metric: family_of(metric) for metric in metrics.CAMPAIGN_METRICS}
    for subject, columns in read:
        campaign, limit = subject.campaign, subject.campaign.thresholds.limit
        is_judged = any(limit(threshold) is not None for threshold in THRESHOLDS)
        for reading in readings_of(columns):
            if is_judged:
                _add_verdicts(families, campaign, reading)
            if reading.window == FLIGHT:
                _add_about(families, campaign, now)
                for concern, verdict in concerns(campaign, reading, now):
                    families[metrics.CONCERN_VERDICT].add_metric([campaign.id, concern], verdict)
                _add_lifetime(families, campaign, reading)
        yield None
    _add_invalid(families[metrics.INVALID_TRAFFIC], pipeline.states, pipeline.registry, now)
    yield from families.values()


def _add_about(families: Families, campaign: Campaign, now: int) -> None:
    about = [campaign.name, campaign.owner or "", campaign.currency, campaign.status(now)]
    families[metrics.INFO].add_metric([campaign.id, *about], 1)
    if campaign.budget is not None:
        families[metrics.BUDGET].add_metric([campaign.id, campaign.currency], campaign.budget)
    for threshold in THRESHOLDS:
        limit = campaign.thresholds.limit(threshold)
        if limit is not None:
            families[metrics.THRESHOLD].add_metric([campaign.id, threshold.name, threshold.bound], limit)
        least = campaign.min_sample.least(threshold)
        families[metrics.MIN_SAMPLE].add_metric([campaign.id, threshold.name], least)
    liked = campaign.authenticity.ratio
    if liked.use != "off":
        families[metrics.LIKED_LIMIT].add_metric([campaign.id, "likes"], liked.likes)
        families[metrics.LIKED_LIMIT].add_metric([campaign.id, "share"], liked.share)


def _add_verdicts(families: Families, campaign: Campaign, reading: Reading) -> None:
    for threshold, verdict in verdicts(campaign, reading):
        families[metrics.VERDICT].add_metric([campaign.id, threshold.name, reading.window], verdict)


def _add_lifetime(families: Families, campaign: Campaign, flight: Reading) -> None:
    tally = flight.figures.tally
    # A counter that falls looks like a restart: what lower totals took away was added once, and stays in it.
    taken = by_suffix(tally, "taken")
    for metric, name in _COUNTS:
        families[metric].add_metric([campaign.id], tally.get(name, 0) + taken.get(name, 0))
    # From the start, for Prometheus sees no increase in a counter that comes into being with a count.
    for metric, name, kinds in _COUNTS_BY_KIND:
        counts = dict.fromkeys(kinds, 0) | by_suffix(tally, name)
        for kind, count in counts.items():
            families[metric].add_metric([campaign.id, kind], count + taken.get(f"{name}:{kind}", 0))


def _add_invalid(family: Family, states: ShardStates, registry: Registry, now: int) -> None:
    for (name, event_type, reason), count in states.invalid_traffic().items():
        if registry.shows(name, now):
            family.add_metric([name, event_type, reason], count)

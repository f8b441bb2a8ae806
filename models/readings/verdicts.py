"""The verdicts on a campaign: on KPIs that have a threshold, on its budget, on what has come of late."""

from collections.abc import Iterator

from models.campaigns.campaign import Campaign
from models.kpis import catalogue, formulas
from models.kpis.bounds import UNKNOWN
from models.kpis.clusters import Clusters
from models.kpis.concerns import (
    Concern,
    Mood,
    overspend,
    sentiment_drop,
    silence,
    suspicious_burst,
    underspend,
)
from models.kpis.doubts import sample_of
from models.kpis.figures import Figures
from models.kpis.kpi import Kpi, Threshold
from models.kpis.methods import FORECAST
from models.kpis.verdict import Verdict, verdict_of
from models.readings.scope_reading import Reading


def verdicts(campaign: Campaign, reading: Reading) -> Iterator[tuple[Threshold, Verdict]]:
    """Judge the KPIs of a campaign's reading that have a limit, by the bounds that hold at every look."""
    for kpi in catalogue.KPIS:
        threshold = kpi.threshold
        limit = None if threshold is None else campaign.thresholds.limit(threshold)
        if threshold is not None and limit is not None:
            least = campaign.min_sample.least(threshold)
            yield threshold, _verdict(kpi, threshold, limit, least, reading.figures)


def concerns(campaign: Campaign, flight: Reading, now: int) -> Iterator[tuple[Concern, Verdict]]:
    """Judge by a campaign's flight whether its budget is likely kept, and what has come of late.

    Nobody is owed anything once the flight is over: there is no verdict on what has come then.
    """
    figures = flight.figures
    if campaign.budget is not None:
        forecast = FORECAST.compute(figures, formulas.forecast_spent(figures))
        yield "overspend", overspend(forecast, figures.spread.days)
        yield "underspend", underspend(forecast, figures.spread.days)
    if figures.clusters is not None and now < campaign.ends:
        yield "silence", silence(figures.clusters, figures.spread.weight("impressions"))
        yield from _brand(figures, figures.clusters)


def _brand(figures: Figures, clusters: Clusters) -> Iterator[tuple[Concern, Verdict]]:
    """Judge what people say, where anything is rated, and who they are, where anything can be judged."""
    rated = formulas.rated_by_polarity(figures)
    if sum(rated.values()):
        whole = Mood(rated.get("positive", 0), rated.get("negative", 0), sum(rated.values()), clusters.days)
        yield "sentiment_drop", sentiment_drop(clusters, whole, figures.spread.weight("rated"))
    if formulas.judged(figures):
        yield "suspicious_burst", suspicious_burst(clusters)


def _verdict(kpi: Kpi, threshold: Threshold, limit: float, least: int, figures: Figures) -> Verdict:
    value = kpi.compute(figures)
    assert value is None or isinstance(value, float | int), "no KPI with a threshold has a label"
    interval = kpi.always.compute(figures, value) if kpi.always else UNKNOWN
    return verdict_of(threshold.bound, limit, interval, sample_of(kpi, figures), least)

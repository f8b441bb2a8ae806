"""What our own page says of the work, in the words of the comparison."""

from collections import Counter

from benchmarks.metrics_page import Sample
from benchmarks.peers.counted import Counted
from benchmarks.peers.ours import counted_on


def sample(name: str, value: float, **labels: str) -> Sample:
    return Sample(name, {"campaign": "a", "window": "flight"} | labels, value)


def test_a_page_is_read_as_the_others_results_are() -> None:
    page = [
        sample("kpi_campaign_impressions", 90),
        sample("kpi_campaign_impressions", 7, window="5m"),
        sample("kpi_campaign_clicks", 3),
        sample("kpi_campaign_interactions", 5, kind="comment"),
        sample("kpi_campaign_interactions", 1, kind="like"),
        sample("kpi_campaign_interactions", 3, kind="click"),
        sample("kpi_campaign_conversions", 1, kind="purchase"),
        sample("kpi_campaign_reach_persons", 80),
        Sample("kpi_pipeline_events_total", {"topic": "clicks", "outcome": "duplicate"}, 2),
        Sample("kpi_pipeline_events_total", {"topic": "impressions", "outcome": "duplicate"}, 3),
        Sample("kpi_pipeline_events_total", {"topic": "clicks", "outcome": "refused"}, 1),
        Sample("kpi_pipeline_events_total", {"topic": "clicks", "outcome": "counted"}, 99),
    ]

    events = Counter(
        {("a", "impression"): 90, ("a", "click"): 3, ("a", "engagement"): 6, ("a", "conversion"): 1}
    )
    assert counted_on(page) == Counted(events, duplicates=5, invalid=1, people={"a": 80.0})

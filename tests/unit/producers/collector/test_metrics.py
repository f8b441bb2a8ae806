"""Figures of a process that has its address for itself."""

from prometheus_client.parser import text_string_to_metric_families

from models.metrics.collector_metrics import COLLECTOR_METRICS
from producers.collector.metrics import Metrics


def test_one_process_alone_needs_no_folder() -> None:
    metrics = Metrics({})
    metrics.events("pixel", "refused", 0)
    metrics.refused("pixel", "future")

    page = metrics.page().decode()

    assert 'kpi_collector_events_total{endpoint="pixel",outcome="refused"} 1.0' in page
    assert 'kpi_collector_refused_total{endpoint="pixel",reason="future"} 1.0' in page


def test_the_page_has_what_is_declared_and_nothing_else() -> None:
    page = text_string_to_metric_families(Metrics({}).page().decode())
    # Beside each counter and histogram without labels the library says when it was made.
    families = {one.name: one.type for one in page if not one.name.endswith("_created")}

    assert families == {one.name.removesuffix("_total"): one.type for one in COLLECTOR_METRICS}

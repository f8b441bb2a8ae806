"""Figures of a process that has its address for itself."""

from producers.collector.metrics import Metrics


def test_one_process_alone_needs_no_folder() -> None:
    metrics = Metrics({})
    metrics.events("pixel", "refused", 0)
    metrics.refused("pixel", "future")

    page = metrics.page().decode()

    assert 'kpi_collector_events_total{endpoint="pixel",outcome="refused"} 1.0' in page
    assert 'kpi_collector_refused_total{endpoint="pixel",reason="future"} 1.0' in page

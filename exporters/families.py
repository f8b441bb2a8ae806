"""prometheus_client's families for the metrics that are declared."""

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from models.metrics.metric import Metric

Family = GaugeMetricFamily | CounterMetricFamily


def family_of(metric: Metric) -> Family:
    """Open an empty family; histograms are made where their buckets are known."""
    made = CounterMetricFamily if metric.type == "counter" else GaugeMetricFamily
    return made(metric.name, metric.help, labels=metric.labels)


def gauge(metric: Metric, value: float) -> GaugeMetricFamily:
    """Make a gauge of one series without labels."""
    return GaugeMetricFamily(metric.name, metric.help, value=value)

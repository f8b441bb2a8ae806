"""Every metric and series that is declared in models.metrics, by name."""

from models.metrics.campaign_metrics import CAMPAIGN_METRICS
from models.metrics.collector_metrics import COLLECTOR_METRICS
from models.metrics.kpi_metrics import every_kpi_metric
from models.metrics.pipeline_metrics import PIPELINE_METRICS

_METRICS = (
    *(one.metric for one in every_kpi_metric()),
    *CAMPAIGN_METRICS,
    *PIPELINE_METRICS,
    *COLLECTOR_METRICS,
)
METRICS = frozenset(metric.name for metric in _METRICS)
SERIES = frozenset(
    f"{metric.name}{part}"
    for metric in _METRICS
    for part in (("_bucket", "_count", "_sum") if metric.type == "histogram" else ("",))
)

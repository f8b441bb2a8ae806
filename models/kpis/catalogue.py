"""The KPI catalogue: every KPI, in the order of the funnel.

Metrics with their help, dashboards, alerts, the terminal, campaign files' thresholds and docs/metrics.md are
made from it.
"""

from models.kpis import brand, conversion, efficiency, interaction, visibility
from models.kpis.kpi import Kpi, Threshold

KPIS: tuple[Kpi, ...] = (
    *visibility.KPIS,
    *interaction.KPIS,
    *conversion.KPIS,
    *brand.KPIS,
    *efficiency.KPIS,
)
THRESHOLDS: tuple[Threshold, ...] = tuple(kpi.threshold for kpi in KPIS if kpi.threshold is not None)
_BY_ID = {kpi.id: kpi for kpi in KPIS}
_BY_THRESHOLD = {kpi.threshold.name: kpi for kpi in KPIS if kpi.threshold is not None}
_THRESHOLD = {threshold.name: threshold for threshold in THRESHOLDS}


def kpi(identifier: str) -> Kpi:
    """Return the KPI with an id."""
    return _BY_ID[identifier]


def kpi_judged_by(threshold: str) -> Kpi:
    """Return the KPI that a threshold's name stands for."""
    return _BY_THRESHOLD[threshold]


def threshold(name: str) -> Threshold:
    """Return the threshold with a name."""
    return _THRESHOLD[name]


def tolerance(identifier: str) -> float:
    """Return how far from 1 the KPI with an id may be; one without a tolerance is an error."""
    least = kpi(identifier).tolerance
    if least is None:
        raise ValueError(f"{identifier} has no tolerance")
    return least

"""When a KPI's figure should not be read as it stands: its sample is too small, or it is above all."""

from collections.abc import Mapping

from models.kpis import catalogue
from models.kpis.figures import Figures
from models.kpis.kpi import Kpi


def sample_of(kpi: Kpi, figures: Figures) -> float:
    """Return how many of its sample a KPI stands on; 0 where it has none."""
    found = catalogue.kpi(kpi.sample.kpi).compute(figures) if kpi.sample else None
    return sum(found.values()) if isinstance(found, Mapping) else found or 0


def is_small(kpi: Kpi, figures: Figures) -> bool:
    """Return whether a KPI's sample is too small for its figure to say much."""
    return kpi.sample is not None and sample_of(kpi, figures) < kpi.sample.least


def is_misleading(kpi: Kpi, value: float) -> bool:
    """Return whether a KPI's value is a share of more than all."""
    return kpi.is_share and value > 1

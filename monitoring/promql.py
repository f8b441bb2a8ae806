"""Series as PromQL selects them, by metrics and labels that are declared."""

from dataclasses import dataclass

from models.kpis.catalogue import kpi
from models.metrics.kpi_metrics import Side, kpi_metric
from models.metrics.metric import Metric
from models.scopes import ScopeName
from models.windows import WINDOWS_OF


@dataclass(frozen=True, slots=True)
class Selector:
    """The series of a metric or a recording that fit matchers such as `window="24h"`; as text, PromQL."""

    name: str
    matchers: tuple[str, ...] = ()

    def of(self, campaign: str) -> "Selector":
        """Narrow the selection to a campaign, given as PromQL writes it: quoted, or a template's `%q`."""
        return Selector(self.name, (f"campaign={campaign}", *self.matchers))

    def __str__(self) -> str:
        return self.name + (f"{{{','.join(self.matchers)}}}" if self.matchers else "")


def select(metric: Metric, **labels: str) -> Selector:
    """Select series of a metric by labels that it has."""
    assert labels.keys() <= set(metric.labels), (metric.name, labels)
    return Selector(metric.name, tuple(f'{label}="{value}"' for label, value in labels.items()))


def select_kpi(scope: ScopeName, identifier: str, side: Side | None = None, /, **labels: str) -> Selector:
    """Select the series of a KPI at a scope, or of one of its bounds, by labels and windows that it has."""
    assert labels.get("window") in (None, *WINDOWS_OF[scope]), (scope, labels)
    return select(kpi_metric(kpi(identifier), scope, side), **labels)

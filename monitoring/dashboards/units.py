"""How KPIs are shown: their units, as Grafana names them, and whether with their bounds."""

from dataclasses import dataclass

from grafana_foundation_sdk.models import units

from models.kpis.kpi import Kpi
from models.scopes import Scope


@dataclass(frozen=True)
class Unit:
    """A unit and how many decimals it is shown with; None: as many as fit."""

    name: str
    decimals: int | None = None


NUMBER = Unit(units.Number, 2)
TENTHS = Unit(units.Number, 1)
COUNT = Unit(units.Short)
MONEY = Unit(units.LocaleFormat, 0)
UNIT_COST = Unit(units.LocaleFormat, 2)
SECONDS = Unit(units.Seconds)
BYTES = Unit(units.BytesSI)
PER_SECOND = Unit(units.CountsPerSecond)
_RATIO = Unit(units.PercentUnit, 2)
# "38 %" of a net sentiment would be read as the part that is positive.
_BY_FORM = {"count": COUNT, "number": NUMBER, "signed": NUMBER, "percent": _RATIO, "signed percent": _RATIO}


def has_band(kpi: Kpi, scope: Scope) -> bool:
    """Return whether a KPI's bounds are shown: around a count of events they would be read as doubt in it."""
    return kpi.is_bounded(scope.name) and kpi.unit != "events"


def unit_of(kpi: Kpi) -> Unit:
    """Return a KPI's unit; the currency of money stands beside it, because Grafana's units read no label."""
    if kpi.form == "money":
        return UNIT_COST if kpi.direction == "down" else MONEY
    return _BY_FORM[kpi.form]

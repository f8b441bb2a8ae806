"""The panels of the page on the service's own health."""

from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.scopes import Leaf, scope
from models.words import Language
from monitoring.dashboards.language import in_a_sentence, say
from monitoring.dashboards.panels import Frame, Query, curves
from monitoring.dashboards.units import Unit


def drawn(name: str, expression: str, legend: str, unit: Unit, language: Language) -> Curves:
    """Draw a query, with the words of a name."""
    return curves(frame(name, unit, language), [Query(expression, legend)])


def frame(name: str, unit: Unit, language: Language, width: int = 8, height: int = 7) -> Frame:
    """Return what is around a panel, with the words of a name."""
    about = say(f"{name}_about", language, leaf=_leaf(language))
    return Frame(say(name, language), about, unit, width, height)


def _leaf(language: Language) -> str:
    """Name what tells leaves apart."""
    return in_a_sentence((scope(name).title for name in Leaf._fields[1:]), language)

"""How a campaign is broken down: the scopes below it, and columns and charts of the KPIs that they have."""

from collections.abc import Sequence

from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.kpis.catalogue import KPIS
from models.kpis.kpi import Kpi
from models.scopes import ABSENT, OTHER, SCOPES, Scope, scope
from models.words import Language
from monitoring.dashboards.language import in_a_sentence, meaning_of, say, title_of, title_of_scope
from monitoring.dashboards.panels import OF_SHARES, Frame, Query, curves
from monitoring.dashboards.queries import total_of_kpi
from monitoring.dashboards.tables import Column, Label
from monitoring.dashboards.units import unit_of

CAMPAIGN, INFLUENCER = scope("campaign"), scope("influencer")
WITHIN_INFLUENCERS = tuple(one for one in SCOPES if one.is_within(INFLUENCER))
ACROSS_INFLUENCERS = tuple(
    one for one in SCOPES if one.is_within(CAMPAIGN) and "influencer" not in one.labels
)


def named_in(scopes: Sequence[Scope], language: Language) -> str:
    """Name scopes as within a sentence."""
    return in_a_sentence((one.plural for one in scopes), language)


def kpis_of(shown: Scope) -> list[Kpi]:
    """List the KPIs that a scope has."""
    return [kpi for kpi in KPIS if shown.name in kpi.scopes]


def column(kpi: Kpi, shown: Scope, language: Language, *where: str) -> Column:
    """Make the column of a KPI in a scope's table."""
    value = total_of_kpi(kpi, shown.name, *where)
    return Column(title_of(kpi, language), value, unit_of(kpi), OF_SHARES if kpi.is_share else ())


def labels(shown: Scope, language: Language, link: str = "", link_title: str = "") -> list[Label]:
    """Make the columns of a scope's own label, which may lead on, then of the wider ones and the currency."""
    own, *wider = reversed(shown.labels[1:])
    words = {ABSENT: say("none_named", language), OTHER: say("beyond_cap", language)}
    return [
        Label(own, title_of_scope(own, language), link, link_title, words),
        *(Label(label, title_of_scope(label, language), texts=words) for label in wider),
        Label("currency", say("currency", language)),
    ]


def chart(kpi: Kpi, shown: Scope, language: Language, *where: str) -> Curves:
    """Draw a KPI's course, a curve for each of a scope's."""
    own = shown.labels[-1]
    title = say("by", language, kpi=title_of(kpi, language), scope=shown.title.said(language).lower())
    legend = f"{{{{{own}}}}}" + (", {{currency}}" if kpi.unit == "money" else "")
    frame = Frame(title, meaning_of(kpi, language), unit_of(kpi))
    return curves(frame, [Query(total_of_kpi(kpi, shown.name, *where), legend)])

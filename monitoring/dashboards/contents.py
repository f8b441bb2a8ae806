"""What lies within a campaign's influencers, such as contents, and across them, such as channels."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table

from models.kpis.catalogue import kpi
from models.scopes import Scope
from models.words import Language
from monitoring.dashboards.breakdowns import (
    ACROSS_INFLUENCERS,
    BREAKDOWNS,
    WITHIN_INFLUENCERS,
    chart,
    column,
    kpis_of,
    labels,
)
from monitoring.dashboards.language import in_a_sentence, say, title_of
from monitoring.dashboards.pages import choose_campaign, choose_influencers, choose_window, page
from monitoring.dashboards.panels import Frame, reading_help
from monitoring.dashboards.queries import OF_INFLUENCERS, THIS_CAMPAIGN, of_kpi
from monitoring.dashboards.tables import rows
from monitoring.dashboards.units import COUNT

NAME = "contents"
_MOST = 50
_IMPRESSIONS = kpi("impressions")


def board(language: Language) -> Dashboard:
    """Lay the page out: a table for each scope, and charts for those across influencers."""
    begun = choose_influencers(choose_campaign(page(NAME, language, "now-24h"), language), language)
    across = in_a_sentence((one.plural for one in ACROSS_INFLUENCERS), language)
    laid = choose_window(begun, language, *(one.name for one in BREAKDOWNS)).with_panel(
        reading_help(say("contents_help", language, across=across))
    )
    for one in WITHIN_INFLUENCERS:
        laid = laid.with_row(Row(one.plural.said(language))).with_panel(_busiest(one, language))
    for one in ACROSS_INFLUENCERS:
        laid = laid.with_row(Row(one.plural.said(language))).with_panel(_all(one, language))
        for figure in kpis_of(one):
            laid = laid.with_panel(chart(figure, one, language, THIS_CAMPAIGN))
    return laid


def _busiest(shown: Scope, language: Language) -> Table:
    most = f"topk({_MOST}, {of_kpi(_IMPRESSIONS, shown.name, *OF_INFLUENCERS)})"
    kept = f" and on ({', '.join(shown.labels)}) {most}"
    columns = [column(figure, shown, language, *OF_INFLUENCERS).narrowed(kept) for figure in kpis_of(shown)]
    plural = shown.plural.said(language)
    about = say("most_about", language, most=str(_MOST), scopes=plural.lower())
    frame = Frame(plural, about, COUNT, 24, 11)
    return rows(frame, labels(shown, language), columns, title_of(_IMPRESSIONS, language))


def _all(shown: Scope, language: Language) -> Table:
    columns = [column(figure, shown, language, THIS_CAMPAIGN) for figure in kpis_of(shown)]
    title, plural = shown.title.said(language), shown.plural.said(language)
    about = say("across_about", language, scope=title.lower(), scopes=plural.lower())
    frame = Frame(plural, about, COUNT, 24, 7)
    return rows(frame, labels(shown, language), columns, title_of(_IMPRESSIONS, language))

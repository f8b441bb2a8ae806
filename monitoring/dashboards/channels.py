"""What lies across a campaign's influencers, such as channels and formats."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table

from models.kpis.catalogue import kpi
from models.scopes import Scope
from models.words import Language
from monitoring.dashboards.breakdowns import ACROSS_INFLUENCERS, chart, column, kpis_of, labels, named_in
from monitoring.dashboards.language import say, title_of
from monitoring.dashboards.pages import choose_campaign, choose_window, page
from monitoring.dashboards.panels import Frame, reading_help
from monitoring.dashboards.queries import THIS_CAMPAIGN
from monitoring.dashboards.tables import rows
from monitoring.dashboards.units import COUNT

NAME = "channels"
_IMPRESSIONS = kpi("impressions")


def board(language: Language) -> Dashboard:
    """Lay the page out: for each scope across influencers a table, then a chart of each KPI."""
    begun = choose_campaign(page(NAME, language, "now-24h"), language)
    laid = choose_window(begun, language, *(one.name for one in ACROSS_INFLUENCERS)).with_panel(
        reading_help(say("channels_help", language, across=named_in(ACROSS_INFLUENCERS, language)))
    )
    for one in ACROSS_INFLUENCERS:
        laid = laid.with_row(Row(one.plural.said(language))).with_panel(_all(one, language))
        for figure in kpis_of(one):
            laid = laid.with_panel(chart(figure, one, language, THIS_CAMPAIGN))
    return laid


def _all(shown: Scope, language: Language) -> Table:
    columns = [column(figure, shown, language, THIS_CAMPAIGN) for figure in kpis_of(shown)]
    title, plural = shown.title.said(language), shown.plural.said(language)
    about = say("across_about", language, scope=title.lower(), scopes=plural.lower())
    frame = Frame(plural, about, COUNT, 24, 7)
    return rows(frame, labels(shown, language), columns, title_of(_IMPRESSIONS, language))

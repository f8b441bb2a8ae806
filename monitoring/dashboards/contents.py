"""What lies within a campaign's influencers, such as contents."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table

from models.kpis.catalogue import kpi
from models.scopes import Scope
from models.words import Language
from monitoring.dashboards.breakdowns import (
    ACROSS_INFLUENCERS,
    WITHIN_INFLUENCERS,
    column,
    kpis_of,
    labels,
    named_in,
)
from monitoring.dashboards.language import say, title_of
from monitoring.dashboards.pages import choose_campaign, choose_influencers, choose_window, page
from monitoring.dashboards.panels import Frame, reading_help
from monitoring.dashboards.queries import OF_INFLUENCERS, of_kpi
from monitoring.dashboards.tables import rows
from monitoring.dashboards.units import COUNT

NAME = "contents"
_MOST = 50
_IMPRESSIONS = kpi("impressions")


def board(language: Language) -> Dashboard:
    """Lay the page out: a table for each scope within influencers."""
    begun = choose_influencers(choose_campaign(page(NAME, language, "now-24h"), language), language)
    laid = choose_window(begun, language, *(one.name for one in WITHIN_INFLUENCERS)).with_panel(
        reading_help(say("contents_help", language, across=named_in(ACROSS_INFLUENCERS, language)))
    )
    for one in WITHIN_INFLUENCERS:
        laid = laid.with_row(Row(one.plural.said(language))).with_panel(_busiest(one, language))
    return laid


def _busiest(shown: Scope, language: Language) -> Table:
    most = f"topk({_MOST}, {of_kpi(_IMPRESSIONS, shown.name, *OF_INFLUENCERS)})"
    kept = f" and on ({', '.join(shown.labels)}) {most}"
    columns = [column(figure, shown, language, *OF_INFLUENCERS).narrowed(kept) for figure in kpis_of(shown)]
    plural = shown.plural.said(language)
    about = say("most_about", language, most=str(_MOST), scopes=plural.lower())
    frame = Frame(plural, about, COUNT, 24, 18)
    return rows(frame, labels(shown, language), columns, title_of(_IMPRESSIONS, language))

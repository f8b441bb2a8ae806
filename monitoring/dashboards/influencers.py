"""A campaign's influencers side by side."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table

from models.kpis.catalogue import KPIS, kpi
from models.metrics.kpi_metrics import SIDES
from models.words import Language
from monitoring.dashboards import breakdowns
from monitoring.dashboards.breakdowns import INFLUENCER, chart, column, kpis_of
from monitoring.dashboards.language import say, title_of
from monitoring.dashboards.pages import (
    choose_campaign,
    choose_influencers,
    choose_window,
    page,
    to_contents,
    to_page,
)
from monitoring.dashboards.panels import Frame, reading_help
from monitoring.dashboards.queries import OF_INFLUENCERS, of_kpi
from monitoring.dashboards.tables import Column, Label, rows
from monitoring.dashboards.units import COUNT, has_band, unit_of

NAME = "influencers"
# Beside the headlines: what a brand chooses influencers by, though it says little of a campaign.
_CHOSEN_BY = ("values_alignment_ratio", "emv", "emv_to_invested_ratio")


def board(language: Language) -> Dashboard:
    """Lay the page out: the table, how sure its rates are, then a chart of each KPI."""
    begun = choose_influencers(choose_campaign(page(NAME, language, "now-24h"), language), language)
    laid = choose_window(begun, language, INFLUENCER.name).with_panel(
        reading_help(say("influencers_help", language))
    )
    laid = laid.with_row(Row(say("comparison", language))).with_panel(_comparison(language))
    laid = laid.with_panel(_how_sure(language)).with_row(Row(say("charts", language)))
    for figure in kpis_of(INFLUENCER):
        laid = laid.with_panel(chart(figure, INFLUENCER, language, *OF_INFLUENCERS))
    return laid


def _comparison(language: Language) -> Table:
    compared = [entry for entry in kpis_of(INFLUENCER) if entry.headline or entry.id in _CHOSEN_BY]
    columns = [column(figure, INFLUENCER, language, *OF_INFLUENCERS) for figure in compared]
    frame = Frame(say("comparison", language), say("comparison_about", language), COUNT, 24, 9)
    return rows(frame, _labels(language), columns, title_of(kpi("reach_persons"), language))


def _how_sure(language: Language) -> Table:
    """Compare the rates and costs that have bounds; reach has its own in the campaign's page."""
    columns = []
    for figure in (entry for entry in KPIS if has_band(entry, INFLUENCER) and entry.unit != "persons"):
        columns.append(column(figure, INFLUENCER, language, *OF_INFLUENCERS))
        for side in SIDES:
            title = f"{title_of(figure, language)}, {say(side, language)}"
            bound = of_kpi(figure, INFLUENCER.name, *OF_INFLUENCERS, side=side)
            columns.append(Column(title, bound, unit_of(figure)))
    frame = Frame(say("how_sure", language), say("how_sure_about", language), COUNT, 24, 9)
    return rows(frame, _labels(language), columns, title_of(kpi("engagement_ratio"), language))


def _labels(language: Language) -> list[Label]:
    link = to_page("contents", language, "${campaign}") + "&var-influencer=${__data.fields.influencer}"
    return breakdowns.labels(INFLUENCER, language, link, to_contents(language))

"""A campaign's influencers side by side."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.metrics.kpi_metrics import SIDES
from models.words import Language
from monitoring.dashboards.language import meaning_of, say, title_of
from monitoring.dashboards.pages import choose_campaign, choose_influencers, choose_window, page, to_page
from monitoring.dashboards.panels import Frame, Query, curves, reading_help
from monitoring.dashboards.queries import THIS_CAMPAIGN, of_kpi, total_of_kpi
from monitoring.dashboards.tables import Column, Label, rows
from monitoring.dashboards.units import COUNT, unit_of

NAME = "influencers"
_CHOSEN = (THIS_CAMPAIGN, 'influencer=~"$influencer"')
_COMPARED = (
    "reach_persons", "impressions", "engagement_ratio", "ctr_ratio", "conversions", "invested", "revenue",
    "cpa", "roi_ratio", "emv", "emv_to_invested_ratio", "sentiment_ratio", "values_alignment_ratio",
)  # fmt: skip
_WITH_BOUNDS = ("engagement_ratio", "ctr_ratio", "cpa", "sentiment_ratio")


def board(language: Language) -> Dashboard:
    """Lay the page out: the table, how sure its rates are, then a chart of each KPI."""
    begun = choose_influencers(choose_campaign(page(NAME, language, "now-24h"), language), language)
    laid = choose_window(begun, language, "influencer").with_panel(
        reading_help(say("influencers_help", language))
    )
    laid = laid.with_row(Row(say("comparison", language))).with_panel(_comparison(language))
    laid = laid.with_panel(_how_sure(language)).with_row(Row(say("charts", language)))
    for figure in (entry for entry in KPIS if "influencer" in entry.scopes):
        laid = laid.with_panel(_chart(figure, language))
    return laid


def _comparison(language: Language) -> Table:
    columns = [_column(kpi(name), language) for name in _COMPARED]
    frame = Frame(say("comparison", language), say("comparison_about", language), COUNT, 24, 9)
    return rows(frame, _labels(language), columns, title_of(kpi("reach_persons"), language))


def _how_sure(language: Language) -> Table:
    columns = []
    for figure in (kpi(name) for name in _WITH_BOUNDS):
        columns.append(_column(figure, language))
        for side in SIDES:
            title = f"{title_of(figure, language)}, {say(side, language)}"
            columns.append(Column(title, of_kpi(figure, "influencer", *_CHOSEN, side=side), unit_of(figure)))
    frame = Frame(say("how_sure", language), say("how_sure_about", language), COUNT, 24, 9)
    return rows(frame, _labels(language), columns, title_of(kpi("engagement_ratio"), language))


def _column(figure: Kpi, language: Language) -> Column:
    return Column(title_of(figure, language), total_of_kpi(figure, "influencer", *_CHOSEN), unit_of(figure))


def _labels(language: Language) -> list[Label]:
    link = to_page("contents", language, "${campaign}") + "&var-influencer=${__data.fields.influencer}"
    return [
        Label("influencer", say("influencer", language), link, say("to_contents", language)),
        Label("currency", say("currency", language)),
    ]


def _chart(figure: Kpi, language: Language) -> Curves:
    legend = "{{influencer}}, {{currency}}" if figure.unit == "money" else "{{influencer}}"
    frame = Frame(title_of(figure, language), meaning_of(figure, language), unit_of(figure))
    return curves(frame, [Query(total_of_kpi(figure, "influencer", *_CHOSEN), legend)])

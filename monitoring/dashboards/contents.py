"""A campaign's contents and channels."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.events.schema import ABSENT
from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.scopes import LABELS, OTHER
from models.words import Language
from monitoring.dashboards.language import meaning_of, say, title_of
from monitoring.dashboards.pages import choose_campaign, choose_influencers, choose_window, page
from monitoring.dashboards.panels import Frame, Query, curves, reading_help
from monitoring.dashboards.queries import THIS_CAMPAIGN, of_kpi, total_of_kpi
from monitoring.dashboards.tables import Column, Label, rows
from monitoring.dashboards.units import COUNT, unit_of

NAME = "contents"
MOST = 50
_OF_INFLUENCERS = (THIS_CAMPAIGN, 'influencer=~"$influencer"')


def board(language: Language) -> Dashboard:
    """Lay the page out: contents, channels, then a chart of each KPI by channel."""
    begun = choose_influencers(choose_campaign(page(NAME, language, "now-24h"), language), language)
    laid = (
        choose_window(begun, language, "content", "channel")
        .with_panel(reading_help(say("contents_help", language)))
        .with_row(Row(say("contents", language)))
        .with_panel(_contents(language))
        .with_row(Row(say("channels", language)))
        .with_panel(_channels(language))
    )
    for figure in (entry for entry in KPIS if "channel" in entry.scopes):
        laid = laid.with_panel(_chart(figure, language))
    return laid


def _contents(language: Language) -> Table:
    shown = [
        Label("content", say("content", language), texts=unnamed(language)),
        Label("influencer", say("influencer", language)),
        Label("currency", say("currency", language)),
    ]
    labels = ", ".join(LABELS["content"])
    most = f"topk({MOST}, {of_kpi(kpi('impressions'), 'content', *_OF_INFLUENCERS)})"
    columns = [
        Column(
            title_of(figure, language),
            f"{total_of_kpi(figure, 'content', *_OF_INFLUENCERS)} and on ({labels}) {most}",
            unit_of(figure),
        )
        for figure in KPIS
        if "content" in figure.scopes
    ]
    frame = Frame(say("contents", language), say("contents_table_about", language), COUNT, 24, 11)
    return rows(frame, shown, columns, title_of(kpi("impressions"), language))


def _channels(language: Language) -> Table:
    labels = [
        Label("channel", say("channel", language), texts=unnamed(language)),
        Label("currency", say("currency", language)),
    ]
    columns = [
        Column(title_of(figure, language), total_of_kpi(figure, "channel", THIS_CAMPAIGN), unit_of(figure))
        for figure in KPIS
        if "channel" in figure.scopes
    ]
    frame = Frame(say("channels", language), say("channels_about", language), COUNT, 24, 7)
    return rows(frame, labels, columns, title_of(kpi("impressions"), language))


def unnamed(language: Language) -> dict[str, str]:
    """Put into words what stands for contents and channels that have no name of their own."""
    return {ABSENT: say("none_named", language), OTHER: say("beyond_cap", language)}


def _chart(figure: Kpi, language: Language) -> Curves:
    legend = "{{channel}}, {{currency}}" if figure.unit == "money" else "{{channel}}"
    frame = Frame(title_of(figure, language), meaning_of(figure, language), unit_of(figure))
    return curves(frame, [Query(total_of_kpi(figure, "channel", THIS_CAMPAIGN), legend)])

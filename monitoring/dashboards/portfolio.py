"""Every campaign against its thresholds, worst first."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.table import Panel as Table

from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi
from models.words import Language
from monitoring.dashboards import states
from monitoring.dashboards.language import say, title_of, title_of_scope
from monitoring.dashboards.pages import (
    CHOSEN_CAMPAIGNS,
    STATUSES,
    choose_campaigns,
    choose_window,
    page,
    to_page,
)
from monitoring.dashboards.panels import GREEN, OF_BUDGET, ORANGE, RED, Colours, Frame, reading_help
from monitoring.dashboards.queries import about_campaigns, of_kpi, of_these_campaigns, total_of_kpi
from monitoring.dashboards.tables import Column, Label, rows
from monitoring.dashboards.units import COUNT, TENTHS, unit_of

NAME = "portfolio"
_PLAN: dict[str, Colours] = {"pacing_ratio": (), "budget_spent_ratio": OF_BUDGET, "forecast_spent_ratio": ()}


def board(language: Language) -> Dashboard:
    """Lay the page out."""
    begun = choose_window(choose_campaigns(page(NAME, language, "now-24h"), language), language, "campaign")
    return (
        begun.with_panel(reading_help(say("portfolio_help", language)))
        .with_row(Row(say("needs_a_look", language)))
        .with_panel(_states(language))
        .with_row(Row(say("figures", language)))
        .with_panel(_figures(language))
    )


def _states(language: Language) -> Table:
    texts = states.texts(language)
    score = say("attention", language)
    thresholds = [
        Column(
            title_of(entry, language),
            of_these_campaigns(states.against_threshold(entry), *CHOSEN_CAMPAIGNS),
            COUNT,
            texts=texts,
        )
        for entry in states.JUDGED
    ]
    concerns = [
        Column(
            words.said(language),
            of_these_campaigns(states.concern(name), *CHOSEN_CAMPAIGNS),
            COUNT,
            texts=states.texts_of(name, language),
        )
        for name, words in states.CONCERNS.items()
    ]
    columns = [
        Column(score, of_these_campaigns(states.attention(), *CHOSEN_CAMPAIGNS), TENTHS,
               ((None, GREEN), (0.1, ORANGE), (1, RED))),
        *thresholds,
        *concerns,
        *(
            Column(title_of(kpi(name), language), _chosen(kpi(name)), unit_of(kpi(name)), colours)
            for name, colours in _PLAN.items()
        ),
    ]  # fmt: skip
    frame = Frame(say("needs_a_look", language), states.explained(language), COUNT, 24, 10)
    return rows(frame, _labels(language), columns, score, about_campaigns(*CHOSEN_CAMPAIGNS))


def _figures(language: Language) -> Table:
    columns = [
        Column(
            title_of(figure, language),
            of_these_campaigns(total_of_kpi(figure, "campaign"), *CHOSEN_CAMPAIGNS),
            unit_of(figure),
        )
        for figure in KPIS
        if figure.headline
    ]
    frame = Frame(say("figures", language), say("figures_about", language), COUNT, 24, 10)
    most = title_of(kpi("impressions"), language)
    return rows(frame, _labels(language), columns, most, about_campaigns(*CHOSEN_CAMPAIGNS))


def _labels(language: Language) -> list[Label]:
    link = to_page("campaign", language, "${__data.fields.campaign}")
    return [
        Label("name", title_of_scope("campaign", language), link, say("to_campaign", language)),
        Label("campaign", say("id", language), link, say("to_campaign", language)),
        Label("owner", say("owner", language)),
        Label("status", say("status", language), texts={name: say(name, language) for name in STATUSES}),
        Label("currency", say("currency", language)),
    ]


def _chosen(figure: Kpi) -> str:
    return of_these_campaigns(of_kpi(figure, "campaign"), *CHOSEN_CAMPAIGNS)

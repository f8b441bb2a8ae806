"""One campaign: the funnel, each KPI with its value, band, threshold and meaning."""

from typing import get_args

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.kpis.catalogue import KPIS, kpi
from models.kpis.kpi import Kpi, Stage
from models.metrics.campaign_metrics import BUDGET, INVALID_TRAFFIC
from models.metrics.kpi_metrics import SIDES, kpi_metric
from models.windows import FLIGHT
from models.words import Language
from monitoring.dashboards import states
from monitoring.dashboards.breakdowns import CAMPAIGN
from monitoring.dashboards.language import meaning_of, say, title_of, title_of_scope
from monitoring.dashboards.pages import STATUSES, choose_campaign, choose_window, page, to_contents, to_page
from monitoring.dashboards.panels import (
    OF_BUDGET,
    OF_SHARES,
    PLAIN,
    Frame,
    Query,
    band,
    curves,
    in_words,
    limit_line,
    numbers,
    reading_help,
    renamed,
)
from monitoring.dashboards.queries import (
    THIS_CAMPAIGN,
    about_campaigns,
    latest,
    of_kpi,
    threshold,
    total_of_kpi,
)
from monitoring.dashboards.tables import Label, rows
from monitoring.dashboards.units import COUNT, MONEY, has_band, unit_of

NAME = "campaign"
# Shown at the top, beside the budget.
PLAN = ("pacing_ratio", "budget_spent_ratio", "forecast_spent_ratio")
_STAGES: tuple[Stage, ...] = get_args(Stage)


def board(language: Language) -> Dashboard:
    """Lay the page out: where the campaign stands, then the funnel stage by stage."""
    begun = choose_campaign(page(NAME, language, "now-24h"), language)
    laid = choose_window(begun, language, "campaign").with_panel(reading_help(say("campaign_help", language)))
    laid = laid.with_row(Row(say("where_it_stands", language)))
    for panel in (_about(language), _money(language), *_plan(language), _states(language)):
        laid = laid.with_panel(panel)
    for stage in _STAGES:
        laid = laid.with_row(Row(say(stage, language)))
        for figure in (one for one in KPIS if one.stage == stage):
            laid = laid if figure.id in PLAN else laid.with_panel(_now(figure, language))
            laid = laid.with_panel(_trend(figure, language))
    laid = laid.with_row(Row(say("traffic_quality", language)))
    return laid.with_panel(_invalid_traffic(language))


def _about(language: Language) -> Table:
    named = "${__data.fields.campaign}"
    influencers, contents = (to_page(target, language, named) for target in ("influencers", "contents"))
    labels = [
        Label("name", title_of_scope("campaign", language), influencers, say("to_influencers", language)),
        Label("campaign", say("id", language), contents, to_contents(language)),
        Label("owner", say("owner", language)),
        Label("status", say("status", language), texts={name: say(name, language) for name in STATUSES}),
        Label("currency", say("currency", language)),
    ]
    frame = Frame(title_of_scope("campaign", language), say("about_about", language), COUNT, 12, 4)
    return rows(frame, labels, [], about=about_campaigns(THIS_CAMPAIGN))


def _money(language: Language) -> Stat:
    invested = latest(
        kpi_metric(kpi("invested"), "campaign"), ["currency"], THIS_CAMPAIGN, f'window="{FLIGHT}"'
    )
    budget = latest(BUDGET, ["currency"], THIS_CAMPAIGN)
    queries = [
        Query(invested, f"{say('invested_flight', language)}, {{{{currency}}}}"),
        Query(budget, f"{say('budget_planned', language)}, {{{{currency}}}}"),
    ]
    frame = Frame(say("money", language), say("money_about", language), MONEY, 12, 4)
    return numbers(frame, queries)


def _plan(language: Language) -> list[Stat]:
    return [
        numbers(
            Frame(title_of(figure, language), meaning_of(figure, language), unit_of(figure), 4, 4),
            [Query(of_kpi(figure, "campaign", THIS_CAMPAIGN), title_of(figure, language))],
            OF_BUDGET if figure.id == "budget_spent_ratio" else ((None, PLAIN),),
        )
        for figure in map(kpi, PLAN)
    ]


def _states(language: Language) -> Stat:
    thresholds = [
        Query(states.against_threshold(entry, THIS_CAMPAIGN), title_of(entry, language))
        for entry in states.JUDGED
    ]
    concerns = [
        Query(states.concern(name, THIS_CAMPAIGN), words.said(language))
        for name, words in states.CONCERNS.items()
    ]
    frame = Frame(say("needs_a_look", language), states.explained(language), COUNT, 12, 4)
    return numbers(frame, [*thresholds, *concerns]).mappings([in_words(states.texts(language))])


def _now(entry: Kpi, language: Language) -> Stat:
    """Show a KPI's value of now, its bounds and its threshold."""
    queries = [Query(total_of_kpi(entry, "campaign", THIS_CAMPAIGN), _named("value", entry, language))]
    if has_band(entry, CAMPAIGN):
        queries += [
            Query(of_kpi(entry, "campaign", THIS_CAMPAIGN, side=side), say(side, language)) for side in SIDES
        ]
    if entry.threshold is not None:
        queries.append(Query(_limit(entry), _limit_name(language)))
    frame = Frame(title_of(entry, language), meaning_of(entry, language), unit_of(entry), 4)
    return numbers(frame, queries, OF_SHARES) if entry.is_share else numbers(frame, queries)


def _trend(entry: Kpi, language: Language) -> Curves:
    """Draw a KPI's course, with its band and threshold; what has kinds, by kind."""
    title = f"{title_of(entry, language)} – {say('trend', language)}"
    frame = Frame(title, meaning_of(entry, language), unit_of(entry))
    value = Query(of_kpi(entry, "campaign", THIS_CAMPAIGN), _named("value", entry, language))
    if entry.label:
        kinds = Query(value.expression, f"{{{{{entry.label}}}}}")
        total = Query(total_of_kpi(entry, "campaign", THIS_CAMPAIGN), say("total", language))
        return renamed(
            curves(frame, [total, kinds]), {kind.name: kind.words.said(language) for kind in entry.kinds}
        )
    bounds = [
        Query(of_kpi(entry, "campaign", THIS_CAMPAIGN, side=side), say(side, language))
        for side in SIDES
        if has_band(entry, CAMPAIGN)
    ]
    limit = [Query(_limit(entry), _limit_name(language))] if entry.threshold is not None else []
    panel = curves(frame, [value, *bounds, *limit])
    if bounds:
        panel = band(panel, "B", say("lower", language), "C")
    return limit_line(panel, "D" if bounds else "B") if limit else panel


def _invalid_traffic(language: Language) -> Curves:
    labels = ["campaign", "type", "reason"]
    kept_out = latest(INVALID_TRAFFIC, labels, THIS_CAMPAIGN)
    frame = Frame(say("invalid_traffic", language), say("invalid_traffic_about", language), COUNT, 24)
    return curves(frame, [Query(kept_out, "{{type}}: {{reason}}")])


def _limit(entry: Kpi) -> str:
    assert entry.threshold is not None
    return threshold(entry.threshold.name, THIS_CAMPAIGN)


def _limit_name(language: Language) -> str:
    return f"{say('threshold', language)} ({{{{bound}}}})"


def _named(word: str, entry: Kpi, language: Language) -> str:
    """Name a series; that of money with its currency."""
    return say(word, language) + (", {{currency}}" if entry.unit == "money" else "")

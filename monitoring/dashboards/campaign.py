"""One campaign: the funnel, each KPI with its value, band, threshold and meaning."""

from typing import get_args

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.kpis.catalogue import KPIS, Kpi, Stage
from monitoring.dashboards import states
from monitoring.dashboards.language import Language, meaning_of, say, title_of
from monitoring.dashboards.pages import STATUSES, choose_campaign, choose_window, page, to_page
from monitoring.dashboards.panels import (
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
    SIDES,
    THIS_CAMPAIGN,
    about_campaigns,
    latest,
    of_kpi,
    threshold,
    total_of_kpi,
)
from monitoring.dashboards.tables import Label, rows
from monitoring.dashboards.units import COUNT, MONEY, NUMBER, SHARE, unit_of

NAME = "campaign"
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
        for figure in (kpi for kpi in KPIS if kpi.stage == stage and "campaign" in kpi.scopes):
            laid = laid.with_panel(_now(figure, language)).with_panel(_trend(figure, language))
    laid = laid.with_row(Row(say("traffic_quality", language)))
    return laid.with_panel(_invalid_traffic(language))


def _about(language: Language) -> Table:
    named = "${__data.fields.campaign}"
    influencers, contents = (to_page(target, language, named) for target in ("influencers", "contents"))
    labels = [
        Label("name", say("campaign", language), influencers, say("to_influencers", language)),
        Label("campaign", say("id", language), contents, say("to_contents", language)),
        Label("owner", say("owner", language)),
        Label("status", say("status", language), texts={name: say(name, language) for name in STATUSES}),
        Label("currency", say("currency", language)),
    ]
    frame = Frame(say("about", language), say("about_about", language), COUNT, 12, 4)
    return rows(frame, labels, [], about=about_campaigns(THIS_CAMPAIGN))


def _money(language: Language) -> Stat:
    invested = latest("kpi_campaign_invested", ["currency"], THIS_CAMPAIGN, 'window="flight"')
    budget = latest("kpi_campaign_budget", ["currency"], THIS_CAMPAIGN)
    queries = [
        Query(invested, f"{say('invested_flight', language)}, {{{{currency}}}}"),
        Query(budget, f"{say('budget_planned', language)}, {{{{currency}}}}"),
    ]
    frame = Frame(say("money", language), say("money_about", language), MONEY, 12, 4)
    return numbers(frame, queries)


def _plan(language: Language) -> list[Stat]:
    return [
        numbers(
            Frame(say(name, language), say(f"{name}_about", language), unit, 4, 4),
            [Query(latest(f"kpi_campaign_{metric}", ["campaign"], THIS_CAMPAIGN), say(name, language))],
            limits,
        )
        for name, metric, unit, limits in (
            ("pacing", "pacing_ratio", NUMBER, states.PACING_COLOURS),
            ("spent", "budget_spent_ratio", SHARE, states.SPENT_COLOURS),
        )
    ]


def _states(language: Language) -> Stat:
    thresholds = [
        Query(states.against_threshold(key, THIS_CAMPAIGN), title_of(states.kpi_of(key), language))
        for key in states.KEYS
    ]
    others = [Query(state(THIS_CAMPAIGN), say(name, language)) for name, state in states.OTHERS.items()]
    frame = Frame(say("needs_a_look", language), say("needs_a_look_about", language), COUNT, 16, 4)
    return numbers(frame, [*thresholds, *others]).mappings([in_words(states.texts(language))])


def _now(kpi: Kpi, language: Language) -> Stat:
    """Show a KPI's value of now, its bounds and its threshold."""
    queries = [Query(total_of_kpi(kpi, "campaign", THIS_CAMPAIGN), _named("value", kpi, language))]
    if has_band(kpi):
        queries += [
            Query(of_kpi(kpi, "campaign", THIS_CAMPAIGN, side=side), say(side, language)) for side in SIDES
        ]
    if states.key_of(kpi) in states.KEYS:
        queries.append(Query(_limit(kpi), _limit_name(language)))
    return numbers(Frame(title_of(kpi, language), meaning_of(kpi, language), unit_of(kpi), 4), queries)


def _trend(kpi: Kpi, language: Language) -> Curves:
    """Draw a KPI's course, with its band and threshold; what has kinds, by kind."""
    title = f"{title_of(kpi, language)} – {say('trend', language)}"
    frame = Frame(title, meaning_of(kpi, language), unit_of(kpi))
    value = Query(of_kpi(kpi, "campaign", THIS_CAMPAIGN), _named("value", kpi, language))
    if kpi.label:
        kinds = Query(value.expression, f"{{{{{kpi.label}}}}}")
        total = Query(total_of_kpi(kpi, "campaign", THIS_CAMPAIGN), say("total", language))
        return renamed(curves(frame, [total, kinds]), {kind: say(kind, language) for kind in kpi.values})
    bounds = [
        Query(of_kpi(kpi, "campaign", THIS_CAMPAIGN, side=side), say(side, language))
        for side in SIDES
        if has_band(kpi)
    ]
    limit = [Query(_limit(kpi), _limit_name(language))] if states.key_of(kpi) in states.KEYS else []
    panel = curves(frame, [value, *bounds, *limit])
    if bounds:
        panel = band(panel, "B", say("lower", language), "C")
    return limit_line(panel, "D" if bounds else "B") if limit else panel


def has_band(kpi: Kpi) -> bool:
    """Tell whether a KPI's bounds are shown: around a count of events they would be read as doubt in it."""
    return kpi.bounds is not None and kpi.unit != "events"


def _invalid_traffic(language: Language) -> Curves:
    labels = ["campaign", "type", "reason"]
    kept_out = latest("kpi_campaign_invalid_traffic_total", labels, THIS_CAMPAIGN)
    frame = Frame(say("invalid_traffic", language), say("invalid_traffic_about", language), COUNT, 24)
    return curves(frame, [Query(kept_out, "{{type}}: {{reason}}")])


def _limit(kpi: Kpi) -> str:
    return threshold(states.key_of(kpi), THIS_CAMPAIGN)


def _limit_name(language: Language) -> str:
    return f"{say('threshold', language)} ({{{{bound}}}})"


def _named(word: str, kpi: Kpi, language: Language) -> str:
    """Name a series; that of money with its currency."""
    return say(word, language) + (", {{currency}}" if kpi.unit == "money" else "")

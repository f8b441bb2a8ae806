"""The service's own health: what comes in, how fresh the gauges are, and what went wrong."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.words import Language
from monitoring.dashboards.language import say
from monitoring.dashboards.pages import page
from monitoring.dashboards.panels import (
    GREEN,
    ORANGE,
    PLAIN,
    RED,
    Colours,
    Frame,
    Query,
    curves,
    numbers,
    reading_help,
)
from monitoring.dashboards.queries import latest, rate_of_fleet
from monitoring.dashboards.tables import Label, rows
from monitoring.dashboards.units import COUNT, PER_SECOND, SECONDS, Unit

NAME = "pipeline"
_BUCKETS = "sum by (le) (rate(kpi_pipeline_freshness_seconds_bucket[$__rate_interval]))"
_LAG = "max by (topic, partition) (kpi_pipeline_consumer_lag_records)"
_NONE_WANTED: Colours = ((None, GREEN), (1, RED))


def board(language: Language) -> Dashboard:
    """Lay the page out: now, what comes in, how far behind, what is kept."""
    laid = page(NAME, language, "now-3h").with_panel(reading_help(say("pipeline_help", language)))
    laid = laid.with_row(Row(say("health_now", language)))
    for number in _health(language):
        laid = laid.with_panel(number)
    for row, panels in (
        ("coming_in", _coming_in(language)),
        ("behind", _behind(language)),
        ("kept", _kept(language)),
    ):
        laid = laid.with_row(Row(say(row, language)))
        for panel in panels:
            laid = laid.with_panel(panel)
    return laid.with_panel(_builds(language))


def _health(language: Language) -> list[Stat]:
    def shown(name: str, expression: str, unit: Unit, colours: Colours) -> Stat:
        return numbers(_frame(name, unit, language, 4, 4), [Query(expression, say(name, language))], colours)

    live, recovering = (
        f'sum(kpi_pipeline_partitions{{state="{state}"}})' for state in ("live", "recovering")
    )
    slowest = f"histogram_quantile(0.99, {_BUCKETS})"
    registry = "max(time() - kpi_pipeline_registry_loaded_timestamp_seconds)"
    durable = "max(time() - max by (partition) (kpi_pipeline_durable_timestamp_seconds))"
    return [
        shown("workers", "count(kpi_pipeline_build_info)", COUNT, ((None, RED), (1, GREEN))),
        shown("live", live, COUNT, ((None, RED), (1, GREEN))),
        shown("recovering", recovering, COUNT, ((None, GREEN), (1, ORANGE))),
        shown("lag", f"sum({_LAG})", COUNT, ((None, GREEN), (10_000, ORANGE), (1_000_000, RED))),
        shown("slowest", slowest, SECONDS, ((None, GREEN), (2.5, ORANGE), (30, RED))),
        shown("durable_oldest", durable, SECONDS, ((None, GREEN), (60, ORANGE), (300, RED))),
        shown("lost", "sum(kpi_pipeline_lost_records_total)", COUNT, _NONE_WANTED),
        shown("holes", "sum(kpi_pipeline_forwarding_holes_total)", COUNT, _NONE_WANTED),
        shown("registry_oldest", registry, SECONDS, ((None, GREEN), (60, ORANGE), (300, RED))),
        shown("horizon", "min(kpi_pipeline_duplicate_horizon_seconds)", SECONDS,
              ((None, PLAIN),)),
        shown("dropped", "sum(kpi_pipeline_series_dropped)", COUNT, ((None, GREEN), (1, ORANGE))),
        shown("capped", "count(max by (campaign) (kpi_pipeline_leaves_capped))", COUNT, _NONE_WANTED),
    ]  # fmt: skip


def _coming_in(language: Language) -> list[Curves]:
    outcomes, topics = (rate_of_fleet("kpi_pipeline_events_total", [label]) for label in ("outcome", "topic"))
    reasons = rate_of_fleet("kpi_pipeline_dead_letters_total", ["reason"])
    late, forwarded = (
        rate_of_fleet(f"kpi_pipeline_{name}_total", ["topic"]) for name in ("late_events", "forwarded_events")
    )
    totals = "sum by (reason) (kpi_pipeline_dead_letters_total)"
    return [
        _drawn("by_outcome", outcomes, "{{outcome}}", PER_SECOND, language),
        _drawn("by_topic", topics, "{{topic}}", PER_SECOND, language),
        _drawn("by_reason", reasons, "{{reason}}", PER_SECOND, language),
        _drawn("letters_total", totals, "{{reason}}", COUNT, language),
        _drawn("late", late, "{{topic}}", PER_SECOND, language),
        _drawn("forwarded", forwarded, "{{topic}}", PER_SECOND, language),
    ]


def _behind(language: Language) -> list[Curves]:
    quantiles = [
        Query(f"histogram_quantile({share}, {_BUCKETS})", f"{share:.0%}") for share in (0.5, 0.95, 0.99)
    ]
    durable = "time() - max by (partition) (kpi_pipeline_durable_timestamp_seconds)"
    return [
        _drawn("lag_by_topic", f"sum by (topic) ({_LAG})", "{{topic}}", COUNT, language),
        curves(_frame("freshness", SECONDS, language), quantiles),
        _drawn("durable", durable, "{{partition}}", SECONDS, language),
        _drawn("partitions", "sum by (state) (kpi_pipeline_partitions)", "{{state}}", COUNT, language),
    ]


def _kept(language: Language) -> list[Curves]:
    registry = "time() - max by (instance) (kpi_pipeline_registry_loaded_timestamp_seconds)"
    horizon = "min by (instance) (kpi_pipeline_duplicate_horizon_seconds)"
    dropped = "sum by (scope) (kpi_pipeline_series_dropped)"
    leaves = latest("kpi_pipeline_leaves", ["campaign"])
    return [
        _drawn("registry", registry, "{{instance}}", SECONDS, language),
        _drawn("horizons", horizon, "{{instance}}", SECONDS, language),
        _drawn("dropped_by_scope", dropped, "{{scope}}", COUNT, language),
        _drawn("leaves", leaves, "{{campaign}}", COUNT, language),
    ]


def _builds(language: Language) -> Table:
    labels = [
        Label("instance", say("instance", language)),
        Label("version", say("version", language)),
        Label("python", "Python"),
    ]
    frame = _frame("builds", COUNT, language, 16)
    return rows(frame, labels, [], about="max by (instance, version, python) (kpi_pipeline_build_info)")


def _drawn(name: str, expression: str, legend: str, unit: Unit, language: Language) -> Curves:
    return curves(_frame(name, unit, language), [Query(expression, legend)])


def _frame(name: str, unit: Unit, language: Language, width: int = 8, height: int = 7) -> Frame:
    return Frame(say(name, language), say(f"{name}_about", language), unit, width, height)

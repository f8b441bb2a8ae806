"""The service's own health: what comes in, how fresh the gauges are, and what went wrong."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Curves

from models.metrics import collector_metrics as collector
from models.metrics.metric import Metric
from models.metrics.pipeline_metrics import (
    BUILD_INFO,
    CONSUMER_LAG,
    DEAD_LETTERS,
    DUPLICATE_HORIZON,
    DURABLE,
    EVENTS,
    FORWARDED_EVENTS,
    FORWARDING_HOLES,
    FRESHNESS,
    LATE_EVENTS,
    LEAVES,
    LEAVES_CAPPED,
    LOST_RECORDS,
    PARTITIONS,
    REGISTRY_LOADED,
    SERIES_DROPPED,
)  # fmt: skip
from models.words import Language
from monitoring.dashboards import brand_health
from monitoring.dashboards.health_panels import drawn, frame
from monitoring.dashboards.language import say
from monitoring.dashboards.pages import page
from monitoring.dashboards.panels import (
    GREEN,
    ORANGE,
    PLAIN,
    RED,
    Colours,
    Query,
    curves,
    numbers,
    reading_help,
)
from monitoring.dashboards.queries import latest, rate_of_fleet
from monitoring.dashboards.tables import Label, rows
from monitoring.dashboards.units import COUNT, PER_SECOND, SECONDS, Unit
from monitoring.promql import select

NAME = "pipeline"
_BUCKETS = f"sum by (le) (rate({FRESHNESS.bucket}[$__rate_interval]))"
_LAG = f"max by (topic, partition) ({CONSUMER_LAG})"
_STORED = f"time() - max by (partition) ({DURABLE})"
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
        ("judged", brand_health.panels(language)),
        ("over_http", _over_http(language)),
    ):
        laid = laid.with_row(Row(say(row, language)))
        for panel in panels:
            laid = laid.with_panel(panel)
    return laid.with_panel(_builds(language))


def _health(language: Language) -> list[Stat]:
    def shown(name: str, expression: str, unit: Unit, colours: Colours) -> Stat:
        return numbers(frame(name, unit, language, 4, 4), [Query(expression, say(name, language))], colours)

    live, recovering = (f"sum({select(PARTITIONS, state=state)})" for state in ("live", "recovering"))
    slowest = f"histogram_quantile(0.99, {_BUCKETS})"
    return [
        shown("workers", f"count({BUILD_INFO})", COUNT, ((None, RED), (1, GREEN))),
        shown("live", live, COUNT, ((None, RED), (1, GREEN))),
        shown("recovering", recovering, COUNT, ((None, GREEN), (1, ORANGE))),
        shown("lag", f"sum({_LAG})", COUNT, ((None, GREEN), (10_000, ORANGE), (1_000_000, RED))),
        shown("slowest", slowest, SECONDS, ((None, GREEN), (2.5, ORANGE), (30, RED))),
        shown("durable_oldest", f"max({_STORED})", SECONDS, ((None, GREEN), (60, ORANGE), (300, RED))),
        shown("lost", f"sum({LOST_RECORDS})", COUNT, _NONE_WANTED),
        shown("holes", f"sum({FORWARDING_HOLES})", COUNT, _NONE_WANTED),
        shown("registry_oldest", f"max(time() - {REGISTRY_LOADED})", SECONDS,
              ((None, GREEN), (60, ORANGE), (300, RED))),
        shown("horizon", f"min({DUPLICATE_HORIZON})", SECONDS, ((None, PLAIN),)),
        shown("dropped", f"sum({SERIES_DROPPED})", COUNT, ((None, GREEN), (1, ORANGE))),
        shown("capped", f"count(max by (campaign) ({LEAVES_CAPPED}))", COUNT, _NONE_WANTED),
    ]  # fmt: skip


def _coming_in(language: Language) -> list[Curves]:
    outcomes, topics = (rate_of_fleet(EVENTS, [label]) for label in ("outcome", "topic"))
    reasons = rate_of_fleet(DEAD_LETTERS, ["reason"])
    late, forwarded = (rate_of_fleet(metric, ["topic"]) for metric in (LATE_EVENTS, FORWARDED_EVENTS))
    totals = f"sum by (reason) ({DEAD_LETTERS})"
    return [
        drawn("by_outcome", outcomes, "{{outcome}}", PER_SECOND, language),
        drawn("by_topic", topics, "{{topic}}", PER_SECOND, language),
        drawn("by_reason", reasons, "{{reason}}", PER_SECOND, language),
        drawn("letters_total", totals, "{{reason}}", COUNT, language),
        drawn("late", late, "{{topic}}", PER_SECOND, language),
        drawn("forwarded", forwarded, "{{topic}}", PER_SECOND, language),
    ]


def _behind(language: Language) -> list[Curves]:
    quantiles = [
        Query(f"histogram_quantile({share}, {_BUCKETS})", f"{share:.0%}") for share in (0.5, 0.95, 0.99)
    ]
    return [
        drawn("lag_by_topic", f"sum by (topic) ({_LAG})", "{{topic}}", COUNT, language),
        curves(frame("freshness", SECONDS, language), quantiles),
        drawn("durable", _STORED, "{{partition}}", SECONDS, language),
        drawn("partitions", f"sum by (state) ({PARTITIONS})", "{{state}}", COUNT, language),
    ]


def _kept(language: Language) -> list[Curves]:
    registry = f"time() - max by (instance) ({REGISTRY_LOADED})"
    horizon = f"min by (instance) ({DUPLICATE_HORIZON})"
    dropped = f"sum by (scope) ({SERIES_DROPPED})"
    leaves = latest(LEAVES, ["campaign"])
    return [
        drawn("registry", registry, "{{instance}}", SECONDS, language),
        drawn("horizons", horizon, "{{instance}}", SECONDS, language),
        drawn("dropped_by_scope", dropped, "{{scope}}", COUNT, language),
        drawn("leaves", leaves, "{{campaign}}", COUNT, language),
    ]


def _over_http(language: Language) -> list[Curves]:
    def rate(metric: Metric, by: str) -> str:
        return f"sum by ({by}) (rate({metric}[$__rate_interval]))"

    acked = f"sum by (le) (rate({collector.ACK.bucket}[$__rate_interval]))"
    return [
        drawn("requests", rate(collector.REQUESTS, "code"), "{{code}}", PER_SECOND, language),
        drawn("collected", rate(collector.EVENTS, "outcome"), "{{outcome}}", PER_SECOND, language),
        drawn("not_taken", rate(collector.REFUSED, "reason"), "{{reason}}", PER_SECOND, language),
        drawn("spooled", f"sum by (instance) ({collector.SPOOL_EVENTS})", "{{instance}}", COUNT, language),
        drawn("acked", f"histogram_quantile(0.99, {acked})", "99 %", SECONDS, language),
        drawn("lost_clicks", f"sum by (instance) ({collector.LOST_CLICKS})", "{{instance}}", COUNT, language),
    ]


def _builds(language: Language) -> Table:
    labels = [
        Label("instance", say("instance", language)),
        Label("version", say("version", language)),
        Label("python", "Python"),
    ]
    return rows(
        frame("builds", COUNT, language, 16),
        labels,
        [],
        about=f"max by (instance, version, python) ({BUILD_INFO})",
    )

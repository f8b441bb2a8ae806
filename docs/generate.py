"""Write the pages that repeat the code: `python3 tasks.py docs`. A test fails where they are stale."""

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from commands.schema import schemas
from docs.event_fields import audience_table, fields_table
from docs.pictures import pictures
from docs.walk import walk_of_a_click, walk_table
from models.authenticity.catalogue import RULES
from models.authenticity.settings import Authenticity
from models.kpis.catalogue import KPIS
from models.kpis.kpi import Kpi
from models.metrics.campaign_metrics import CAMPAIGN_METRICS
from models.metrics.collector_metrics import COLLECTOR_METRICS
from models.metrics.kpi_metrics import always_sides_of, kpi_metric, metric_name, sides_of
from models.metrics.metric import Metric
from models.metrics.pipeline_metrics import PIPELINE_METRICS
from models.settings import Settings
from models.windows import WINDOWS_OF
from tests.test_layout import INNER

HERE = Path(__file__).parent
_HAND_OVERS = """\
A campaign moves between workers, and each shows its counters whole: over series of several instances
`increase()` and `rate()` count too much. Take the series together first:
`increase((max without (instance, job) (kpi_campaign_lifetime_clicks_total))[1h:1m])`.
"""
_NOTE = "<!-- Made by docs/generate.py: `python3 tasks.py docs` writes it. -->\n"


def metrics_page() -> str:
    """Describe every KPI of the catalogue and every other metric, with its labels."""
    kpis = [_kpi_section(kpi) for kpi in KPIS]
    return "\n".join(
        [_NOTE, "# Metrics\n", "## KPIs\n", *kpis, "## Other metrics\n", _HAND_OVERS, _other_metrics()]
    )


def settings_page() -> str:
    """List the settings, with default and meaning."""
    rows = (
        (f"`KPIS_{name.upper()}`", f"`{field.default}`", field.description or "")
        for name, field in Settings.model_fields.items()
    )
    intro = "Environment variables, or the names in lower case without `KPIS_` in kpis.toml.\n"
    return "\n".join([_NOTE, "# Settings\n", intro, _table(("variable", "default", "meaning"), rows)])


def events_page() -> str:
    """Put the tables of the events' fields into the page on sending events, which is written by hand."""
    page = (HERE / "events.md").read_text("utf-8")
    for name, rows in {"fields": fields_table(), "audience": audience_table()}.items():
        page = with_generated(page, name, _table(rows[0], rows[1:]))
    return page


def architecture_page() -> str:
    """Put the rooms, and the measured walk of a click, into the page on architecture."""
    page = (HERE / "architecture.md").read_text("utf-8")
    page = with_generated(page, "rooms", "\n".join(_rooms(package) for package in ("models", "streams")))
    walk = walk_of_a_click()
    rows = walk_table(walk)
    figures = f"**{len(walk.entered)} files, {walk.hops} hops.**\n\n"
    return with_generated(page, "walk", figures + _table(rows[0], rows[1:]))


def _rooms(package: str) -> str:
    rows = [(f"`{package}/{room}`", *_said_of(f"{package}.{room}")) for room in INNER[package]]
    return _table((f"room of `{package}/`", "what is in it", "and what is not"), rows)


def _said_of(room: str) -> tuple[str, str]:
    """Take from a room's docstring what is in it and what is not: its first two paragraphs."""
    inside, outside, *_ = (import_module(room).__doc__ or "").split("\n\n")
    return " ".join(inside.split()), " ".join(outside.split())


def with_generated(page: str, name: str, text: str) -> str:
    """Replace the generated part of this name in a page that is written by hand."""
    start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
    before, found, rest = page.partition(start)
    assert found, f"the page has no part {start!r}"
    return before + start + text + end + rest.partition(end)[2]


def authenticity_page() -> str:
    """Write what each rule of authenticity sees into the page that is written by hand around it."""
    page, usual = (HERE / "authenticity.md").read_text("utf-8"), Authenticity()
    head = ("reason", "sees", "needs", "used", "on what evidence", "honest accused at most")
    rows = (
        (
            f"`{rule.reason}`",
            rule.sees.english,
            rule.needs,
            usual.of(rule.reason).use,
            rule.evidence,
            "not simulated" if rule.false_alarm is None else f"{100 * rule.false_alarm:.2g} %",
        )
        for rule in RULES
    )
    return with_generated(page, "authenticity rules", _table(head, rows))


def events_schema() -> str:
    """Write the JSON Schema of the events, by type."""
    return json.dumps(schemas(), indent=2) + "\n"


def pages() -> dict[Path, str]:
    """Make all pages, by file."""
    return {
        HERE / "metrics.md": metrics_page(),
        HERE / "settings.md": settings_page(),
        HERE / "architecture.md": architecture_page(),
        HERE / "authenticity.md": authenticity_page(),
        HERE / "events.md": events_page(),
        HERE / "events.schema.json": events_schema(),
        **pictures(),
    }


def _kpi_section(kpi: Kpi) -> str:
    series = "".join(
        f"- `{_with_labels(kpi_metric(kpi, scope))}`"
        f"{': ' + ', '.join(WINDOWS_OF[scope]) if kpi.windowed else ''}\n"
        for scope in kpi.scopes
    )
    bounds = [metric_name(scope, kpi, side) for scope in kpi.scopes for side in sides_of(scope, kpi)]
    if kpi.bounds is not None:
        named = ", ".join(f"`{name}`" for name in bounds)
        series += f"- {kpi.bounds.percent} % bounds: {kpi.bounds.method.english}: {named}\n"
    always = [metric_name(scope, kpi, side) for scope in kpi.scopes for side in always_sides_of(scope, kpi)]
    if always:
        named = ", ".join(f"`{name}`" for name in always)
        series += f"- bounds that hold at every look at once, over the flight: {named}\n"
    sample = kpi.sample.said("en") if kpi.sample else "none"
    return (
        f"### {kpi.name.english} · {kpi.name.french}\n\n{kpi.meaning.english}\n\n- {kpi.formula.english}\n"
        f"- {kpi.unit}, {kpi.stage}; better: {kpi.direction}; smallest sample: {sample}\n"
        f"{series}"
    )


def _other_metrics() -> str:
    rows = (
        (f"`{_with_labels(metric)}`", metric.type, metric.help)
        for metric in (*CAMPAIGN_METRICS, *PIPELINE_METRICS, *COLLECTOR_METRICS)
    )
    return _table(("metric", "type", "meaning"), rows)


def _with_labels(metric: Metric) -> str:
    return metric.name + (f"{{{','.join(metric.labels)}}}" if metric.labels else "")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")

"""Write the pages that repeat the code: `python3 tasks.py docs`. A test fails where they are stale."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from docs.pictures import pictures
from exporters.campaign_metrics import collect_campaigns
from exporters.kpi_families import KpiFamilies, label_names, metric_name, sides_of
from exporters.pipeline_metrics import collect_pipeline
from models.campaigns.campaign import Registry
from models.events.parsing import Reason
from models.events.schema import Adjustment, Click, Conversion, Engagement, Event, Impression
from models.kpis.catalogue import KPIS, Kpi
from models.readings.pipeline import Histogram, Pipeline
from models.scopes import WINDOWS
from models.settings import Settings
from models.state.shard_state import ShardState

HERE = Path(__file__).parent
_NOTE = "<!-- Made by docs/generate.py: `python3 tasks.py docs` makes it anew. -->\n"


def metrics_page() -> str:
    """Describe every KPI of the catalogue and every other metric, with its labels."""
    kpis = [_kpi_section(kpi) for kpi in KPIS]
    return "\n".join([_NOTE, "# Metrics\n", "## KPIs\n", *kpis, "## Other metrics\n", _other_metrics()])


def settings_page() -> str:
    """List the settings, with default and meaning."""
    rows = (
        (f"`KPIS_{name.upper()}`", f"`{field.default}`", field.description or "")
        for name, field in Settings.model_fields.items()
    )
    intro = "Environment variables, or the names in lower case without `KPIS_` in kpis.toml.\n"
    return "\n".join([_NOTE, "# Settings\n", intro, _table(("variable", "default", "meaning"), rows)])


def events_page() -> str:
    """Give the events' JSON Schema and the reasons of refusal."""
    reasons = "\n".join(f"{number}. `{reason}`" for number, reason in enumerate(get_args(Reason), start=1))
    schemas = [_schema_section(model) for model in (Impression, Click, Engagement, Conversion, Adjustment)]
    order = "## Reasons of refusal, in the order tried\n"
    return "\n".join([_NOTE, "# Events\n", order, reasons, "", *schemas])


def pages() -> dict[Path, str]:
    """Make all pages, by file."""
    return {
        HERE / "metrics.md": metrics_page(),
        HERE / "settings.md": settings_page(),
        HERE / "events.md": events_page(),
        **pictures(),
    }


def _kpi_section(kpi: Kpi) -> str:
    series = "".join(
        f"- `{metric_name(scope, kpi)}{{{','.join(label_names(scope, kpi))}}}`"
        f"{': ' + ', '.join(WINDOWS[scope]) if kpi.windowed else ''}\n"
        for scope in kpi.scopes
    )
    bounds = [metric_name(scope, kpi, side) for scope in kpi.scopes for side in sides_of(scope, kpi)]
    if kpi.bounds is not None:
        named = ", ".join(f"`{name}`" for name in bounds)
        series += f"- 95 % bounds: {kpi.bounds.method}: {named}\n"
    return (
        f"### {kpi.english} · {kpi.french}\n\n{kpi.definition}\n\n- {kpi.formula}\n"
        f"- {kpi.unit}, {kpi.stage}; better: {kpi.direction}; smallest sample: {kpi.smallest_sample}\n"
        f"{series}"
    )


def _schema_section(model: type[Event]) -> str:
    schema = json.dumps(model.model_json_schema(), indent=2)
    return f"## {model.__name__}\n\n{model.__doc__}\n\n```json\n{schema}\n```\n"


def _other_metrics() -> str:
    fold = ShardState(Registry(), assume_consent=False, duplicate_ids=1000, max_leaves=1)
    pipeline = Pipeline(fold, Registry(), {}, {}, {}, {}, Histogram(), 3600.0, 0.0, 0)
    families = [*collect_campaigns(KpiFamilies(), fold, Registry(), 0), *collect_pipeline(pipeline, {}, "0")]
    rows = (
        (f"`{family.name}{'_total' if family.type == 'counter' else ''}`", family.type, family.documentation)
        for family in families
    )
    return _table(("metric", "type", "meaning"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")

"""`kpis show`: the KPIs now, in the terminal."""

import difflib
import json

import click
from rich.console import Console

from commands.configuration import current_settings
from commands.failure import Failure
from commands.kpi_table import campaigns, detail, overview
from commands.metrics_page import Sample, read_metrics
from models.windows import WINDOW_NAMES


@click.command()
@click.argument("campaign", required=False)
@click.option(
    "--window", type=click.Choice(WINDOW_NAMES), default="flight", show_default=True,
    help="Window of the overview.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the series as JSON, for programs.")
def command(campaign: str | None, window: str, as_json: bool) -> None:
    """Show the KPIs that the worker holds now: of all campaigns, or of one in every window."""
    settings = current_settings()
    samples = [s for s in read_metrics(settings.metrics_address) if not s.name.startswith("kpi_pipeline")]
    if campaign is not None:
        _require(campaign, samples)
    if as_json:
        chosen = [s for s in samples if campaign in (None, s.labels.get("campaign"))]
        click.echo(json.dumps([{"name": s.name, **s.labels, "value": s.value} for s in chosen], indent=1))
    elif not campaigns(samples):
        click.echo("No campaign is shown now: the worker is not ready, or none is registered.")
    else:
        Console().print(detail(samples, campaign) if campaign else overview(samples, window))


def _require(campaign: str, samples: list[Sample]) -> None:
    known = campaigns(samples)
    if campaign not in known:
        near = difflib.get_close_matches(campaign, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Shown now: {', '.join(known) or 'none'}."
        raise Failure(f"No campaign {campaign} is shown by the worker.{hint}")

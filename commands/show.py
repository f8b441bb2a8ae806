"""`kpis show`: the current KPIs in the terminal."""

import difflib

import click
from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from commands.configuration import current_settings
from commands.failure import FAILED, Failure
from commands.kpi_table import campaigns, detail, overview
from commands.live.dashboard import can_stay_open, stay_open
from commands.live.view import View, into_campaign
from commands.metrics_page import NoWorker, Sample, read_metrics, shown
from commands.printable import printable_json, say
from models.metrics.pipeline_metrics import PREFIX as PIPELINE_PREFIX
from models.settings import Address
from models.windows import FLIGHT, WINDOW_NAMES, WindowName

_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


def _checked(_: click.Context, __: click.Parameter, addresses: tuple[str, ...]) -> tuple[str, ...]:
    for address in addresses:
        try:
            _ADDRESS.validate_python(address)
        except ValidationError as error:
            rule = error.errors()[0]["msg"].removeprefix("Value error, ")
            raise click.BadParameter(f"{address}: {rule}") from None
    return tuple(dict.fromkeys(addresses))


@click.command()
@click.argument("campaign", required=False)
@click.option(
    "--window", type=click.Choice(WINDOW_NAMES), default=FLIGHT, show_default=True,
    help="Window of the overview.",
)  # fmt: skip
@click.option(
    "--from", "addresses", metavar="HOST:PORT", multiple=True, callback=_checked,
    help="Address of a worker; repeat it for each (default: KPIS_METRICS_ADDRESS).",
)  # fmt: skip
@click.option("--once", is_flag=True, help="Print the KPIs once and end, on a terminal too.")
@click.option("--json", "as_json", is_flag=True, help="Print the series as JSON, for programs.")
def command(
    campaign: str | None, window: WindowName, addresses: tuple[str, ...], once: bool, as_json: bool
) -> None:
    """Show the current KPIs: of all campaigns, or of one in every window.

    On a terminal it stays open and follows them until you press q; ? lists the keys. Into a pipe, and with
    --once or --json, it prints them once.
    """
    asked = addresses or (current_settings().metrics_address,)
    if not (once or as_json) and can_stay_open():
        stay_open(asked, into_campaign(campaign, window) if campaign else View(wanted_window=window))
    else:
        _print_once(asked, campaign, window, as_json)


def _print_once(addresses: tuple[str, ...], campaign: str | None, window: WindowName, as_json: bool) -> None:
    read, away = _read(addresses)
    samples = shown(read)
    if campaign is not None:
        _require(campaign, samples)
    if as_json:
        chosen = [s for s in read if campaign in (None, s.labels.get("campaign"))]
        click.echo(printable_json([{"name": s.name, **s.labels, "value": s.value} for s in chosen]))
    elif not campaigns(samples):
        click.echo("No campaign is shown now: the worker is not ready, or none is registered.")
    else:
        Console().print(detail(samples, campaign) if campaign else overview(samples, window))
    if away:
        click.get_current_context().exit(FAILED)


def _read(addresses: tuple[str, ...]) -> tuple[list[Sample], list[str]]:
    """Read every worker's page; return the samples, and who does not answer. Fail if none does."""
    samples: list[Sample] = []
    away: list[NoWorker] = []
    for address in addresses:
        try:
            samples += _shown_first(read_metrics(address), samples)
        except NoWorker as error:
            away.append(error)
    if len(away) == len(addresses):
        raise away[0] if len(away) == 1 else Failure("\n".join(error.brief for error in away))
    for absent in away:
        say(f"{absent.brief}: what it counts is missing here.", err=True)
    return [s for s in samples if not s.name.startswith(PIPELINE_PREFIX)], [error.brief for error in away]


def _shown_first(samples: list[Sample], others: list[Sample]) -> list[Sample]:
    """Leave out campaigns that another worker already shows: during a hand-over two may, for a moment."""
    taken = set(campaigns(others))
    return [sample for sample in samples if sample.labels.get("campaign") not in taken]


def _require(campaign: str, samples: list[Sample]) -> None:
    known = campaigns(samples)
    if campaign not in known:
        near = difflib.get_close_matches(campaign, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Shown now: {', '.join(known) or 'none'}."
        raise Failure(f"No campaign {campaign} is shown by the worker.{hint}")

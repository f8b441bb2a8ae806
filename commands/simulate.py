"""`kpis simulate`: send believable events of campaigns to the topics, or write them to a file."""

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from commands.configuration import current_settings
from commands.failure import Failure, WrongUse
from commands.sending import DurationType, TimeType, run, summary
from commands.simulation_run import Run, Span, bounded, publish, write, write_truth
from models.campaigns.campaign import Declaration
from models.campaigns.file import CampaignFileError, read_campaign_file
from models.times import SECOND, format_time
from producers.demo import demo_campaigns
from producers.files import UnwritableFile
from producers.plan import Plan, PlanError, demo_plans, read_plans
from producers.resuming import last_event_time
from producers.simulated import USUAL, Proportions
from producers.simulation import simulate
from producers.truth import Truth

_PART = click.FloatRange(0, 1)
_A_NIGHT = 12 * 3600


@dataclass(frozen=True)
class _Options:
    """The command's options by name."""

    seed: int
    rate: float
    count: int | None
    duration: int | None
    backfill: int
    catch_up: bool
    start: int | None
    campaigns: Path | None
    duplicates: float
    late: float
    malformed: float
    bots: float
    planted: Path | None
    to: str | None
    truth: Path | None
    print_campaigns: bool
    print_planted: bool
    quiet: bool


@click.command()
@click.option(
    "--seed",
    type=click.IntRange(min=0, max=2**32 - 1),
    default=1,
    show_default=True,
    help="The same seed and start give the same events.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=200.0,
    show_default=True,
    help="Events per second, on average over a day.",
)
@click.option("--count", type=click.IntRange(min=1), help="Stop after so many events.")
@click.option("--duration", type=DurationType(), help="Stop after this long, such as 60s.")
@click.option(
    "--backfill",
    type=DurationType(),
    default=0,
    help="First send this much past traffic, such as 1h, as fast as possible.",
)
@click.option(
    "--catch-up",
    is_flag=True,
    help="First send what is missing since the last impression on the topics, or since flights began.",
)
@click.option("--start", type=TimeType(), help="Simulate from this time (RFC 3339) on instead of from now.")
@click.option(
    "--campaigns",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A campaign file, instead of the demo's campaigns.",
)
@click.option(
    "--duplicates", type=_PART, default=USUAL.duplicates, show_default=True, help="Part that is sent twice."
)
@click.option(
    "--late",
    type=_PART,
    default=USUAL.late,
    show_default=True,
    help="Share sent late, by minutes to more than a day.",
)
@click.option(
    "--malformed",
    type=_PART,
    default=USUAL.malformed,
    show_default=True,
    help="Share that workers must refuse.",
)
@click.option("--bots", type=_PART, default=USUAL.bots, show_default=True, help="Part that is known bots'.")
@click.option(
    "--planted",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A YAML file: shares of bought likes, scripts, copied comments and the like, by campaign.",
)
@click.option("--to", metavar="FILE", help="Write NDJSON (.gz, .zst, - too) instead of sending to Kafka.")
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    help="At the end, write as JSON what was sent: every figure with its meaning.",
)
@click.option("--print-campaigns", is_flag=True, help="Print the demo's campaign file and exit.")
@click.option("--print-planted", is_flag=True, help="Print what is planted in the demo's, and exit.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # fmt: skip
    """Send simulated events of running campaigns, until stopped or as --count or --duration say.

    Register the demo's campaigns with `kpis simulate --print-campaigns > demo.yaml` and
    `kpis campaigns apply demo.yaml`.

    Into the demo's campaigns, where they run, some interactions are planted that no person makes, to lower
    their authenticity; --planted says otherwise, in the form that --print-planted shows.

    With --to the simulated time ends now at the latest unless --start is given. A malformed event in a file
    may have no type; `kpis replay` then needs a --topic for it.
    """
    chosen = _Options(**options)
    now = time.time_ns() // 1000
    if chosen.print_campaigns or chosen.print_planted:
        click.echo(demo_campaigns(now) if chosen.print_campaigns else demo_plans(), nl=False)
        return
    _check(chosen)
    simulation, first = _prepare(chosen, now)
    started = time.monotonic()
    stopped_by = _run(chosen, simulation)
    _conclude(chosen, simulation, first, stopped_by is not None, time.monotonic() - started)
    context.exit(128 + signal.SIGINT if stopped_by == signal.SIGINT else 0)


def _check(chosen: _Options) -> None:
    starts = {
        "--start": chosen.start,
        "--backfill": chosen.backfill or None,
        "--catch-up": chosen.catch_up or None,
    }
    given = [option for option, value in starts.items() if value is not None]
    if len(given) > 1:
        raise WrongUse(f"{' and '.join(given)} each say where to begin: give one of them.")
    if chosen.to and chosen.catch_up:
        raise WrongUse("--catch-up goes on where the topics end; with --to give --start or --backfill.")
    if chosen.to and chosen.count is None and chosen.duration is None and not chosen.backfill:
        raise WrongUse("--to needs --count, --duration or --backfill: a file must end.")
    if chosen.truth and not chosen.truth.parent.is_dir():
        raise WrongUse(f"{chosen.truth}: its directory does not exist.")


def _prepare(chosen: _Options, now: int) -> tuple[Run, int]:
    declaration = _declaration(chosen, now if chosen.start is None else chosen.start)
    span = _since_the_last(chosen, declaration, now) if chosen.catch_up else _span(chosen, now)
    _require_running(declaration, chosen, span.first, span.last or max(now, span.first + 1))
    proportions = Proportions(chosen.duplicates, chosen.late, chosen.malformed, chosen.bots)
    currencies = _currencies(declaration)
    campaigns, planted = declaration.campaigns, _plans(chosen, declaration)
    events = simulate(chosen.seed, campaigns, span.first, chosen.rate, proportions, currencies, planted)
    return Run(bounded(events, chosen.count, span.last), Truth() if chosen.truth else None), span.first


def _span(chosen: _Options, now: int) -> Span:
    """Return the simulated time span; in a file it ends now at the latest, to Kafka it starts now."""
    duration = chosen.duration or 0
    if chosen.start is not None:
        return Span(chosen.start, None if chosen.duration is None else chosen.start + duration)
    if not chosen.to:
        first = now - chosen.backfill
        return Span(first, None if chosen.duration is None else now + duration)
    if chosen.duration is None and chosen.count:
        duration = _long_enough(chosen.count / chosen.rate)
    return Span(now - chosen.backfill - duration, now)


def _since_the_last(chosen: _Options, declaration: Declaration, now: int) -> Span:
    """Return the span from where the topics end, or from the first flight's start, on."""
    began = min((campaign.starts for campaign in declaration.campaigns), default=now)
    last = run(last_event_time(current_settings()))
    first = min(now, began if last is None else max(last + 1, began))
    return Span(first, None if chosen.duration is None else now + chosen.duration)


def _long_enough(seconds: float) -> int:
    """Return a span, in microseconds, that has as many events even at night as `seconds` on average."""
    return round(min(5 * seconds, 1.2 * seconds + _A_NIGHT) * SECOND)


def _declaration(chosen: _Options, now: int) -> Declaration:
    file, text = "the demo", demo_campaigns(now)
    try:
        if chosen.campaigns:
            file, text = str(chosen.campaigns), chosen.campaigns.read_text("utf-8")
        return read_campaign_file(file, text).declaration
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}).") from None
    except (CampaignFileError, UnicodeDecodeError) as error:
        raise WrongUse(str(error)) from None


def _plans(chosen: _Options, declaration: Declaration) -> Mapping[str, Plan]:
    """Return what is planted: what the file says, or what is planted in those of the demo's that run."""
    if chosen.planted is None:
        return read_plans("the demo", demo_plans())
    campaigns = {campaign.id: campaign for campaign in declaration.campaigns}
    try:
        return read_plans(str(chosen.planted), chosen.planted.read_bytes(), campaigns)
    except OSError as error:
        raise WrongUse(f"{chosen.planted}: cannot be read ({error.strerror}).") from None
    except PlanError as error:
        raise WrongUse(str(error)) from None


def _require_running(declaration: Declaration, chosen: _Options, first: int, last: int) -> None:
    campaigns = declaration.campaigns
    if any(campaign.starts < last and campaign.ends > first for campaign in campaigns):
        return
    flights = "; ".join(f"{c.id}: {format_time(c.starts)} to {format_time(c.ends)}" for c in campaigns)
    raise WrongUse(f"{chosen.campaigns or 'The demo'}: no campaign runs then ({flights or 'it has none'}).")


def _currencies(declaration: Declaration) -> tuple[str, ...]:
    rates = declaration.currency_rates
    return tuple(sorted({rates.base, *rates.rates})) if rates else ()


def _run(chosen: _Options, simulation: Run) -> int | None:
    try:
        if chosen.to:
            return run(write(simulation, chosen.to, chosen.quiet))
        return run(publish(current_settings(), simulation, chosen.quiet))
    except UnwritableFile as error:
        raise Failure(str(error)) from None


def _conclude(chosen: _Options, simulation: Run, first: int, stopped: bool, seconds: float) -> None:
    said = summary(simulation.done, "written" if chosen.to else "acknowledged", seconds)
    click.echo(said, err=chosen.to == "-")
    if simulation.undelivered is not None:
        raise Failure(f"{simulation.undelivered} What was sent is not known for sure: no truth is written.")
    if chosen.truth and simulation.truth:
        write_truth(chosen.truth, simulation.truth, {"seed": chosen.seed, "start": format_time(first)})
    if chosen.count and not stopped and simulation.done.total() < chosen.count:
        click.echo(f"Fewer than {chosen.count}: the time or the flights end before that.", err=True)

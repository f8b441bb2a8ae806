"""`kpis show`: the current KPIs, kept open on a terminal or printed once."""

import difflib
import os
import sys
import time
from collections.abc import Sequence

import click
from pydantic import TypeAdapter, ValidationError

from commands.configuration import current_settings
from commands.export import campaigns_csv, document, parts_csv
from commands.failure import FAILED, Failure, WrongUse
from commands.live.overview import OVERVIEW_KPIS, SORTS, Choice
from commands.live.parts import FIRST_SORT, PARTS, sorts_of
from commands.live.ranking import WORST
from commands.live.sentences import elsewhere, why_nothing
from commands.printable import printable_json, say
from commands.printed import print_campaign, print_overview, print_parts
from commands.reading_once import Read, read_once, why_absent
from commands.worker_views import Query
from models.settings import Address
from models.windows import FLIGHT, WINDOW_NAMES, WINDOWS_OF, WindowName

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
@click.option("--window", type=click.Choice(WINDOW_NAMES), default=FLIGHT, show_default=True)
@click.option(
    "--from", "addresses", metavar="HOST:PORT", multiple=True, callback=_checked,
    help="Address of a worker; repeat it for each (default: KPIS_METRICS_ADDRESS).",
)  # fmt: skip
@click.option("--by", type=click.Choice(PARTS), help="Print the parts of a campaign, ranked.")
@click.option("--sort", metavar="KPI", help="What is ranked by: worst, name, or a KPI such as cpa.")
@click.option("--once", is_flag=True, help="Print the KPIs once and end, on a terminal too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs (docs/show.md).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, a row for each campaign or part.")
def command(
    campaign: str | None, window: WindowName, addresses: tuple[str, ...], by: str | None, sort: str | None,
    once: bool, as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """Show the current KPIs: of all campaigns, of one in every window, or of its parts.

    On a terminal it stays open and follows them until you press q; ? lists the keys. Into a pipe, and with
    --once, --by, --json or --csv, it prints them once.
    """
    _check_use(campaign, window, by, sort, as_json and as_csv)
    asked = addresses or (current_settings().metrics_address,)
    if not (once or by or as_json or as_csv) and can_stay_open():
        _stay_open(asked, campaign, window)
        return
    choice = Choice(window, sort or WORST)
    now = time.time()
    read = read_once(asked, _queries(campaign, window, by, as_json or as_csv), now)
    if campaign is not None and not read.memory.known:
        raise _absent(asked, campaign, read, now)
    ranked = sort or FIRST_SORT
    text = _text(read, campaign, choice, by, ranked, as_json, as_csv)
    if text is not None:
        click.echo(text, nl=False)
    else:
        _print_table(read, campaign, choice, by, ranked, now)
    for line in read.troubles or (elsewhere(read.memory, now) if campaign is None else []):
        say(line, err=True)
    if read.troubles:
        click.get_current_context().exit(FAILED)


def _print_table(
    read: Read, campaign: str | None, choice: Choice, by: str | None, sort: str, now: float
) -> None:
    if campaign is None and read.memory.known:
        print_overview(read.memory, choice, now)
    elif campaign is None:
        # What is wrong with a worker is said below.
        if not read.troubles:
            say(why_nothing(read.memory))
    elif by is None:
        print_campaign(read.memory, campaign, choice.window, now)
    else:
        print_parts(read.memory, campaign, by, choice.window, sort, now)


def _queries(campaign: str | None, window: WindowName, by: str | None, everything: bool) -> list[Query]:
    """List what the workers are to be asked; the worst campaigns are told by the flight."""
    if campaign is None:
        queries = [Query(window, kpis=() if everything else OVERVIEW_KPIS)]
        return queries if window == FLIGHT else [*queries, Query(FLIGHT, kpis=OVERVIEW_KPIS)]
    if by is not None:
        return [Query(window, campaign, (by,))]
    return [Query(window, campaign, PARTS)] if everything else [Query(one, campaign) for one in WINDOW_NAMES]


def _absent(addresses: Sequence[str], campaign: str, read: Read, now: float) -> Failure:
    others = read_once(addresses, [Query(FLIGHT, kpis=("impressions",))], now)
    return why_absent(campaign, read.refusals, others)


def _text(
    read: Read, campaign: str | None, choice: Choice, by: str | None, sort: str, as_json: bool, as_csv: bool
) -> str | None:
    """Return what is for programs; None where a table is to be printed."""
    memory = read.memory
    if as_json:
        return f"{printable_json(document(memory, choice, campaign))}\n"
    if not as_csv:
        return None
    known = memory.parts(campaign, choice.window) if campaign is not None else None
    return (
        parts_csv(known, by, choice.window, sort) if known and by else campaigns_csv(memory, choice, campaign)
    )


def _check_use(
    campaign: str | None, window: WindowName, by: str | None, sort: str | None, both: bool
) -> None:
    if both:
        raise WrongUse("--json and --csv exclude each other.")
    if by is not None and campaign is None:
        raise WrongUse(f"--by needs a campaign: kpis show CAMPAIGN --by {by}")
    if by is not None and window not in WINDOWS_OF[by]:
        raise WrongUse(f"--by {by} has these windows: {', '.join(WINDOWS_OF[by])}.")
    known = SORTS if by is None else sorts_of(by)
    if sort is not None and sort not in known:
        near = difflib.get_close_matches(sort, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"One of: {', '.join(known)}."
        raise WrongUse(f"--sort {sort}: nothing to sort by. {hint}")


def can_stay_open() -> bool:
    """Return whether standard input and output are a terminal that can be drawn on."""
    there = sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()
    return there and os.environ.get("TERM") not in (None, "", "dumb")


def _stay_open(addresses: Sequence[str], campaign: str | None, window: WindowName) -> None:
    # Textual takes a while to import, which printing once need not wait for.
    from commands.live.app import run_live

    run_live(addresses, campaign=campaign, window=window)

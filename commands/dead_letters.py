"""`kpis dead-letters`: refused events counted, shown, and sent again where they would count now."""

import dataclasses
import re
import sys
import time

import click

from commands.configuration import current_settings
from commands.failure import Failure, WrongUse
from commands.letters.asking import choosing
from commands.letters.telling import print_pictures, print_table, print_tally
from commands.letters.work import Plan, count_letters, letter_at, newest_letters, reinject, survey
from commands.printable import say
from commands.registered import registered_now
from commands.sending import run, stopped
from models.settings import Settings
from producers.letters.choosing import Choice
from producers.letters.picture import picture
from producers.letters.reinjection import Tally
from producers.publisher import DeliveryFailed

_PLACE = re.compile(r"([0-9]{1,9}):([0-9]{1,18})", re.ASCII)
_GO_ON = "Run it again: it sends what this one has not."
_SEEN_WITHIN_SECONDS = 3.0
"""Workers look every second whether the registry has changed."""


@click.group()
def command() -> None:
    """Refused events: count them, look at them, and send again those that would count now."""


@command.command("list")
@choosing
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def list_(choice: Choice, as_json: bool, quiet: bool) -> None:
    """Count the dead letters by reason, campaign, source and topic; say when the first and the last came."""
    print_table(run(count_letters(current_settings(), choice, quiet)), as_json=as_json)


@command.command("show")
@click.argument("place", metavar="[PARTITION:OFFSET]", required=False)
@choosing
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Letters to show.")
@click.option("--personal", is_flag=True,
              help="Show person_id, text, user_agent and audience, and what headers say.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line, for programs.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def show(place: str | None, choice: Choice, limit: int, personal: bool, as_json: bool, quiet: bool) -> None:
    """Show dead letters, the newest first, or the one at PARTITION:OFFSET of their topic.

    What was wrong, where it came from, and what it holds. Personal fields are masked. Of what is no JSON the
    beginning is shown.
    """
    settings = current_settings()
    if place is None:
        letters = run(newest_letters(settings, choice, limit, quiet))
    elif (found := _PLACE.fullmatch(place)) is None:
        raise WrongUse(f"{place}: must be PARTITION:OFFSET, such as 3:120: `kpis dead-letters show` has it.")
    elif choice != Choice():
        raise WrongUse("Give either PARTITION:OFFSET or what to choose by.")
    else:
        letters = [run(letter_at(settings, int(found[1]), int(found[2])))]
    print_pictures((picture(letter, personal=personal) for letter in letters), as_json=as_json)


@command.command("reinject")
@choosing
@click.option("--again", is_flag=True, help="Judge those, too, whose event was sent again and refused again.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent, and what not and why.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def reinject_(
    context: click.Context, choice: Choice, again: bool, dry_run: bool, yes: bool, quiet: bool
) -> None:
    """Send the dead letters that would count now to the topics that they came on, each once.

    Each is judged as workers would judge its event now: by the campaigns, influencers, flights and rates that
    are registered now. What is sent keeps its key, bytes and headers. Whatever happens meanwhile, and however
    often and wherever this is run, nothing is sent twice: event and mark are committed together.

    One that is refused again is not sent a third time, unless you say --again.
    """
    if not (yes or dry_run or sys.stdin.isatty()):
        raise WrongUse("There is no terminal to ask on: give --yes to send, or --dry-run only to look.")
    settings = current_settings()
    plan = Plan(choice, again, registered_now(settings), quiet)
    if dry_run or not yes:
        tally, extent = run(survey(settings, plan))
        print_tally(tally, sent=False)
        if dry_run or not tally.counts:
            return
        click.confirm("Send them?", abort=True)
        # Whoever thinks it over for an hour means the letters of then, and the campaigns of now.
        plan = dataclasses.replace(plan, extent=extent, registry=registered_now(settings))
    _wait_for_workers(plan.registry.version)
    context.exit(_send(settings, plan))


def _send(settings: Settings, plan: Plan) -> int:
    """Send, and say what was sent; return the exit code."""
    tally = Tally()
    try:
        stopped_by = run(reinject(settings, plan, tally))
    except DeliveryFailed as error:
        raise Failure(f"{error} {_GO_ON}") from None
    except Failure as error:
        raise Failure(f"{error.message} {_GO_ON}" if tally.sent else error.message) from None
    finally:
        print_tally(tally, sent=True)
    return 0 if stopped_by is None else stopped(stopped_by, _GO_ON)


def _wait_for_workers(version: int) -> None:
    """Let workers see a registry that was just written."""
    left = seconds_unseen(version, time.time())
    if left:
        say("The campaigns were changed just now: waiting until workers have seen it …", err=True)
        time.sleep(left)


def seconds_unseen(version: int, now: float) -> float:
    """Return for how long workers may not know a registry: its version is when it was written (ms).

    That is later than now where the clock of the machine that wrote it is ahead.
    """
    return min(max(0.0, _SEEN_WITHIN_SECONDS - (now - version / 1000)), _SEEN_WITHIN_SECONDS)

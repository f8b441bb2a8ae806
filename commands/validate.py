"""`kpis validate`: which events of a file would be refused, and why."""

import time
from itertools import chain
from pathlib import Path

import click

from commands.configuration import current_settings
from commands.failure import FAILED, WrongUse
from commands.printable import say
from commands.registered import registered_now
from commands.validation import LastTotals, RecentIds, Verdicts
from models.campaigns.file import CampaignFileError, read_campaign_file
from models.campaigns.registry import Registry
from models.topics import INPUT_TOPICS, EventType
from producers.archives import UnreadableFile
from producers.files import read_lines

_IDS = 1_000_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--type", "event_type", type=click.Choice(list(INPUT_TOPICS.values())),
              help="The type that every event should have; otherwise each event's own.")  # fmt: skip
@click.option("--campaigns", type=click.Path(path_type=Path, exists=True),
              help="A campaign file: judge campaign, influencer, flight and currency by it.")  # fmt: skip
@click.option("--registered", is_flag=True,
              help="Judge them by the campaigns that are registered in Redis.")  # fmt: skip
@click.option("--most", type=click.IntRange(min=0), default=50, show_default=True, help="Refusals to print.")
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    event_type: EventType | None,
    campaigns: Path | None,
    registered: bool,
    most: int,
) -> None:
    """Say which events of FILE (NDJSON, plain, gzip or zstd; - for standard input) would be refused, and why.

    Each line is judged as a worker would judge it if it arrived now. Campaign, influencer, flight and
    currency are judged only with --campaigns or --registered; without them no server is needed.

    Exit codes: 0 none refused; 1 some refused; 2 the file cannot be read to its end.
    """
    if campaigns and registered:
        raise click.UsageError("Give either --campaigns or --registered.")
    known = None
    if campaigns or registered:
        known = _read_campaigns(campaigns) if campaigns else registered_now(current_settings())
    verdicts = Verdicts(known, RecentIds(_IDS), LastTotals(_IDS))
    try:
        for line in chain.from_iterable(read_lines(str(file))):
            refusal = verdicts.judge(line, event_type, time.time_ns() // 1000)
            if refusal is not None and verdicts.refused.total() <= most:
                say(f"{file}:{line.number}: {refusal.reason}: {refusal.message}")
    except UnreadableFile as error:
        _summarise(verdicts, most)
        judged = f" What came before line {verdicts.lines + 1} is judged above." if verdicts.lines else ""
        raise WrongUse(f"{error}{judged}") from None
    _summarise(verdicts, most)
    context.exit(FAILED if verdicts.refused else 0)


def _summarise(verdicts: Verdicts, most: int) -> None:
    for line in _summary(verdicts, most):
        say(line, err=True)


def _summary(verdicts: Verdicts, most: int) -> list[str]:
    refused = verdicts.refused
    lines = [f"… and {refused.total() - most} more"] if refused.total() > most else []
    reasons = ", ".join(f"{reason} {count}" for reason, count in refused.most_common())
    lines.append(f"{verdicts.valid} valid, {refused.total()} refused{': ' + reasons if reasons else ''}")
    if verdicts.ignored:
        fields = ", ".join(f"{name} {count}" for name, count in verdicts.ignored.most_common())
        lines.append(f"ignored in valid events: {fields}")
    if verdicts.repeated:
        lines.append(
            f"{verdicts.repeated} with an event_id of the campaign's that came before, first in line "
            f"{verdicts.first_repeated}: workers drop them as duplicates"
        )
    if verdicts.stale:
        lines.append(
            f"{verdicts.stale} with a total older than one before it of the same leaf, kind and source, "
            f"first in line {verdicts.first_stale}: workers count them as stale, and they change nothing"
        )
    if verdicts.ids.forgotten:
        lines.append(f"not judged: whether an event_id repeats one more than {_IDS:,} events before")
    if verdicts.registry is None:
        lines.append("not judged: campaign, influencer, flight, currency (--campaigns FILE or --registered)")
    return lines


def _read_campaigns(path: Path) -> Registry:
    try:
        declaration = read_campaign_file(str(path), path.read_bytes()).declaration
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read ({error.strerror}).") from None
    except CampaignFileError as error:
        raise WrongUse(str(error)) from None
    return Registry(
        currency_rates=declaration.currency_rates,
        emv_cards=declaration.emv_cards,
        campaigns={campaign.id: campaign for campaign in declaration.campaigns},
    )

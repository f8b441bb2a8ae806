"""`kpis validate`: which events of a file would be refused, and why; needs no server."""

import time
from collections import Counter
from itertools import chain
from pathlib import Path

import click

from commands.failure import FAILED, WrongUse
from models.admission.rules import refuse
from models.campaigns.file import CampaignFileError, read_campaign_file
from models.campaigns.registry import Registry
from models.events.parsing import Refusal, parse_event
from models.events.schema import Event
from models.topics import INPUT_TOPICS, EventType
from producers.archives import UnreadableFile
from producers.files import read_lines
from producers.routing import NoRoute, route


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--type", "event_type", type=click.Choice(list(INPUT_TOPICS.values())),
              help="The type that every event should have; otherwise each event's own.")  # fmt: skip
@click.option("--campaigns", type=click.Path(path_type=Path, exists=True),
              help="A campaign file: check campaign, influencer, time and currency, too.")  # fmt: skip
@click.option("--most", type=click.IntRange(min=0), default=50, show_default=True, help="Refusals to print.")
@click.pass_context
def command(
    context: click.Context, file: Path, event_type: EventType | None, campaigns: Path | None, most: int
) -> None:
    """Say which events of FILE (NDJSON, plain, gzip or zstd; - for standard input) would be refused, and why.

    Each line is read as a worker reads it and, with --campaigns, admitted as if it arrived now: only then
    campaign, influencer, time and currency are checked. Exit code 1 where any is refused.
    """
    registry = _read_campaigns(campaigns) if campaigns else None
    refused: Counter[str] = Counter()
    valid = 0
    try:
        for line in chain.from_iterable(read_lines(str(file))):
            verdict = _judge(line.value, event_type, registry)
            if not isinstance(verdict, Refusal):
                valid += 1
                continue
            refused[verdict.reason] += 1
            if refused.total() <= most:
                click.echo(f"{file}:{line.number}: {verdict.reason}: {verdict.message}")
    except UnreadableFile as error:
        raise WrongUse(str(error)) from None
    _summarise(valid, refused, most)
    context.exit(FAILED if refused else 0)


def _judge(raw: bytes, event_type: EventType | None, registry: Registry | None) -> Event | Refusal:
    event = parse_event(event_type or _own_type(raw), raw)
    if isinstance(event, Refusal) or registry is None:
        return event
    return refuse(event, event.event_time, time.time_ns() // 1000, registry) or event


def _own_type(raw: bytes) -> EventType:
    """Return the event's own type; where it has none, any type leads to the refusal."""
    try:
        return INPUT_TOPICS[route(raw, None).topic]
    except NoRoute:
        return "impression"


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


def _summarise(valid: int, refused: Counter[str], most: int) -> None:
    if refused.total() > most:
        click.echo(f"… and {refused.total() - most} more")
    reasons = ", ".join(f"{reason} {count}" for reason, count in refused.most_common())
    click.echo(f"{valid} valid, {refused.total()} refused{': ' + reasons if reasons else ''}", err=True)

"""`kpis campaigns`: the campaign registry in Redis."""

import asyncio
import difflib
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from commands.configuration import current_settings
from commands.failure import Failure, WrongUse
from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import Changes, RegistryCorrupt, RegistryRefused
from models.campaign_file import CampaignFileError, read_campaign_file
from models.campaigns import Campaign, Registry
from models.times import format_time

T = TypeVar("T")


@click.group()
def command() -> None:
    """Apply, list, show and delete campaigns. Workers see a change within seconds."""


@command.command("apply")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--prune", is_flag=True, help="Also remove every campaign that the file does not name.")
def apply(file: Path, prune: bool) -> None:
    """Add or replace the campaigns of FILE (YAML), all or nothing."""
    try:
        declared = read_campaign_file(str(file), file.read_text("utf-8")).declared
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise WrongUse(f"{file}: is not UTF-8 text.") from None
    except CampaignFileError as error:
        raise WrongUse(str(error)) from None
    try:
        changes = _in_registry(
            lambda redis, prefix: registry.apply(redis, prefix, declared, _now(), prune=prune)
        )
    except RegistryRefused as error:
        raise WrongUse(f"{file}: {error}") from None
    _tell(changes)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def list_(as_json: bool) -> None:
    """List the registered campaigns."""
    known = _in_registry(registry.load) or Registry()
    rows = [_summary(campaign) for campaign in known.campaigns.values()]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    elif rows:
        Console().print(_table(rows))
    else:
        click.echo("No campaigns are registered: run `kpis campaigns apply FILE`.")


@command.command("show")
@click.argument("campaign")
def show(campaign: str) -> None:
    """Show one campaign as it was declared (JSON, which is YAML too), and its status."""
    document = _in_registry(registry.load_document)
    declared = document["campaigns"] if document else {}
    if campaign not in declared:
        _unknown(campaign, declared)
    status = Campaign.model_validate(declared[campaign]).status(_now())
    click.echo(json.dumps({"status": status, **declared[campaign]}, indent=2, ensure_ascii=False))


@command.command("delete")
@click.argument("campaign")
def delete(campaign: str) -> None:
    """Remove one campaign; its events are refused from then on."""
    if _in_registry(lambda redis, prefix: registry.delete(redis, prefix, campaign, _now())):
        click.echo(f"deleted {campaign}")
    else:
        known = _in_registry(registry.load)
        _unknown(campaign, known.campaigns if known else {})


def _in_registry(work: Callable[[Redis, str], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = current_settings()
        redis = connect(settings)
        try:
            return await work(redis, settings.redis_prefix)
        finally:
            await redis.aclose()

    try:
        return asyncio.run(run())
    except (RedisUnavailable, RegistryCorrupt) as error:
        raise Failure(str(error)) from None


def _tell(changes: Changes) -> None:
    for verb in ("added", "replaced", "unchanged", "removed"):
        for campaign in getattr(changes, verb):
            click.echo(f"{verb} {campaign}")
    for note in changes.notes:
        click.echo(f"note: {note}", err=True)
    if not any((changes.added, changes.replaced, changes.unchanged, changes.removed)):
        click.echo("the file names no campaign; cards and rates were applied")


def _summary(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status(_now()),
        "starts": format_time(campaign.starts),
        "ends": format_time(campaign.ends),
        "currency": campaign.currency,
        "owner": campaign.owner or "",
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*row.values())
    return table


def _unknown(campaign: str, known: Iterable[str]) -> NoReturn:
    names = sorted(known)
    near = difflib.get_close_matches(campaign, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Registered: {', '.join(names) or 'none'}."
    raise Failure(f"No campaign {campaign} is registered. {hint}")


def _now() -> int:
    return time.time_ns() // 1000

"""`kpis campaigns`: the campaign registry in Redis."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import NoReturn, TypeVar

import click
from pydantic import ValidationError
from redis.asyncio import Redis
from ruamel.yaml import YAML

from commands.configuration import current_settings
from commands.failure import Failure, WrongUse
from commands.listing import print_list
from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from models.campaigns.campaign import Campaign, Registry
from models.campaigns.file import CampaignFile, CampaignFileError, read_campaign_file, suggestion
from models.campaigns.registration import Changes, Document, RegistryRefused
from models.times import format_time

T = TypeVar("T")


@click.group()
def command() -> None:
    """Apply, list, show and delete campaigns. Workers see a change within seconds."""


@command.command("apply")
@click.argument("file")
@click.option("--prune", is_flag=True, help="Also remove every campaign that the file does not name.")
def apply(file: str, prune: bool) -> None:
    """Add or replace the campaigns of FILE (YAML, - for standard input), all or nothing."""
    read = _read(file)
    if prune and "campaigns" not in read.declared:
        raise WrongUse(
            f"{file}: names no campaigns, and --prune would remove all. If that is meant: campaigns: []"
        )
    try:
        changes = _in_registry(
            lambda redis, prefix: registry.apply(redis, prefix, read.declared, _now(), prune=prune)
        )
    except RegistryRefused as error:
        raise WrongUse(f"{read.complain(error.path, error.rule)}; nothing was applied") from None
    _tell(changes)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def list_(as_json: bool) -> None:
    """List the registered campaigns."""
    known = _in_registry(registry.load) or Registry()
    now = _now()
    campaigns = sorted(known.campaigns.values(), key=lambda campaign: (campaign.starts, campaign.id))
    rows = [_summary(campaign, now) for campaign in campaigns]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif rows:
        print_list(list(rows[0]), [[value or "" for value in row.values()] for row in rows])
    else:
        click.echo("No campaigns are registered: run `kpis campaigns apply FILE`.")


@command.command("show")
@click.argument("campaign")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def show(campaign: str, as_json: bool) -> None:
    """Show one campaign as it was declared, and its status."""
    known = _in_registry(registry.load_document)
    declared = known["campaigns"] if known else {}
    if campaign not in declared:
        _fail_unknown(campaign, declared)
    status = _status(declared[campaign])
    if as_json:
        click.echo(json.dumps({"status": status, **declared[campaign]}, indent=2, ensure_ascii=False))
    else:
        click.echo(f"# status: {status}\n{_yaml(declared[campaign])}", nl=False)


@command.command("delete")
@click.argument("campaign")
def delete(campaign: str) -> None:
    """Remove one campaign; its events are refused from then on."""
    if _in_registry(lambda redis, prefix: registry.delete(redis, prefix, campaign, _now())):
        click.echo(f"removed {campaign}")
        return
    known = _in_registry(registry.load_document)
    _fail_unknown(campaign, known["campaigns"] if known else {})


def _read(file: str) -> CampaignFile:
    try:
        with click.open_file(file, "rb") as stream:
            return read_campaign_file("standard input" if file == "-" else file, stream.read())
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}).") from None
    except CampaignFileError as error:
        raise WrongUse(str(error)) from None


def _in_registry(work: Callable[[Redis, str], Awaitable[T]]) -> T:
    settings = current_settings()

    async def run() -> T:
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
    for other in changes.others:
        click.echo(other)
    for note in changes.notes:
        click.echo(f"note: {note}", err=True)
    if changes == Changes(notes=changes.notes):
        click.echo("nothing to change")


def _summary(campaign: Campaign, now: int) -> dict[str, str | None]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status(now),
        "starts": format_time(campaign.starts),
        "ends": format_time(campaign.ends),
        "currency": campaign.currency,
        "owner": campaign.owner,
    }


def _status(declared: Document) -> str:
    try:
        return Campaign.model_validate(declared).status(_now())
    except ValidationError:
        return "invalid"


def _yaml(declared: Document) -> str:
    """Write a campaign file that declares this campaign."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # ruamel annotates its default
    stream = io.StringIO()
    yaml.dump({"campaigns": [declared]}, stream)
    return stream.getvalue()


def _fail_unknown(campaign: str, known: Iterable[str]) -> NoReturn:
    names = sorted(known)
    hint = suggestion(campaign, names) or f"; registered: {', '.join(names) or 'none'}"
    raise Failure(f"No campaign {campaign} is registered{hint}")


def _now() -> int:
    return time.time_ns() // 1000

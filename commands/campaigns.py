"""`kpis campaigns`: the campaign registry in Redis."""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import NoReturn, TypeVar

import click
from redis.asyncio import Redis
from ruamel.yaml import YAML

from commands.configuration import current_settings
from commands.failure import Failure, WrongUse
from commands.listing import print_list
from commands.printable import printable, printable_json, say, sayable
from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from models.campaigns.campaign import Campaign
from models.campaigns.document import JsonObject, empty_document, read_campaign, read_document
from models.campaigns.file import CampaignFile, CampaignFileError, read_campaign_file
from models.campaigns.registration import Changes, RegistryRefused
from models.campaigns.registry import Registry
from models.campaigns.wording import suggestion

T = TypeVar("T")

_INVALID = "invalid"


@click.group()
def command() -> None:
    """Apply, list, show and delete campaigns. Workers see a change within seconds."""


@command.command("apply")
@click.argument("file")
@click.option("--prune", is_flag=True, help="Also remove every campaign that the file does not name.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def apply(file: str, prune: bool, dry_run: bool) -> None:
    """Add or replace the campaigns of FILE (YAML, - for standard input), all or nothing."""
    read = _read(file)
    if prune and "campaigns" not in read.declared:
        raise WrongUse(
            f"{file}: names no campaigns, and --prune would remove all of them. "
            "If you want that, write campaigns: []"
        )
    try:
        changes = _in_registry(
            lambda redis, prefix: registry.apply(
                redis, prefix, read.declared, _now(), prune=prune, dry_run=dry_run
            )
        )
    except RegistryRefused as error:
        raise WrongUse(f"{read.complain(error.path, error.rule)}; nothing was applied") from None
    for warning in read.warnings:
        say(f"warning: {warning}", err=True)
    if dry_run:
        say("dry run: nothing is changed")
    _tell(changes)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def list_(as_json: bool) -> None:
    """List the registered campaigns."""
    known = read_document(_document())
    rows = _rows(known, _now())
    for one in known.unreadable:
        say(f"warning: this release cannot read {one}; {one.remedy}", err=True)
    if as_json:
        click.echo(printable_json(rows))
    elif rows:
        print_list(list(rows[0]), [[value or "" for value in row.values()] for row in rows])
    else:
        click.echo("No campaigns are registered: run `kpis campaigns apply FILE`.")


@command.command("show")
@click.argument("campaign")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def show(campaign: str, as_json: bool) -> None:
    """Show one campaign as it was declared, and its status."""
    registered = _document()["campaigns"]
    if campaign not in registered:
        _fail_unknown(campaign, registered)
    declared = registered[campaign]
    read, problem = read_campaign(campaign, declared)
    about = {"status": _INVALID if read is None or problem else read.status(_now())}
    about |= {"problem": f"this release cannot read {problem}; {problem.remedy}"} if problem else {}
    if as_json:
        fields = declared if isinstance(declared, dict) else {"declared": declared}
        click.echo(printable_json(about | fields))
    else:
        for name, value in about.items():
            say(f"# {name}: {value}")
        click.echo(_yaml(declared), nl=False)


@command.command("delete")
@click.argument("campaign")
def delete(campaign: str) -> None:
    """Remove one campaign; its events are refused from then on."""
    if _in_registry(lambda redis, prefix: registry.delete(redis, prefix, campaign, _now())):
        say(f"removed {campaign}")
        return
    _fail_unknown(campaign, _document()["campaigns"])


def _read(file: str) -> CampaignFile:
    try:
        with click.open_file(file, "rb") as stream:
            return read_campaign_file("standard input" if file == "-" else file, stream.read())
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read ({error.strerror}).") from None
    except CampaignFileError as error:
        raise WrongUse(str(error)) from None


def _document() -> JsonObject:
    return _in_registry(registry.load_document) or empty_document()


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
            say(f"{verb} {campaign}")
            for line in changes.differences.get(campaign, []):
                say(f"  {line}")
    for other in changes.others:
        say(other)
    for note in changes.notes:
        say(f"note: {note}", err=True)
    if changes == Changes(notes=changes.notes):
        click.echo("nothing to change")


def _rows(known: Registry, now: int) -> list[dict[str, str | None]]:
    """Return a row per campaign in the order of their starts; last those that cannot be read."""
    problems = {one.name for one in known.unreadable if one.kind == "campaigns"}
    readable = [campaign for campaign in known.campaigns.values() if campaign.id not in problems]
    rows = [_summary(campaign, now) for campaign in sorted(readable, key=lambda one: (one.starts, one.id))]
    blank = dict.fromkeys(("id", "name", "status", "starts", "ends", "currency", "owner"))
    return rows + [blank | {"id": name, "status": _INVALID} for name in sorted(problems)]


def _summary(campaign: Campaign, now: int) -> dict[str, str | None]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "status": campaign.status(now),
        "starts": campaign.local(campaign.starts),
        "ends": campaign.local(campaign.ends),
        "currency": campaign.currency,
        "owner": campaign.owner,
    }


def _yaml(declared: object) -> str:
    """Write a campaign file that declares one campaign."""
    written = _dump(declared, allow_unicode=True)
    as_it_is = sayable(written) and printable(written, keep="\n") == written
    # Escapes mean the same between quotes alone, which is where YAML puts them if it may write ASCII only.
    return written if as_it_is else _dump(declared, allow_unicode=False)


def _dump(declared: object, *, allow_unicode: bool) -> str:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode = allow_unicode
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # ruamel annotates its default
    stream = io.StringIO()
    yaml.dump({"campaigns": [declared]}, stream)
    return stream.getvalue()


def _fail_unknown(campaign: str, known: Iterable[str]) -> NoReturn:
    names = sorted(map(printable, known))
    hint = suggestion(campaign, names) or f"; registered: {', '.join(names) or 'none'}"
    raise Failure(f"No campaign {campaign} is registered{hint}")


def _now() -> int:
    return time.time_ns() // 1000

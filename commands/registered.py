"""The campaigns that are registered now, for commands that read them once."""

import asyncio

from commands.failure import Failure
from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from models.campaigns.registry import Registry
from models.settings import Settings


def registered_now(settings: Settings) -> Registry:
    """Read the registry.

    Raises:
        Failure: Redis does not answer, or no campaign was ever registered.

    """
    found = registered_if_any(settings)
    if found is None:
        raise Failure("No campaigns are registered: run `kpis campaigns apply FILE`.")
    return found


def registered_if_any(settings: Settings) -> Registry | None:
    """Read the registry; None where no campaign was ever registered.

    Raises:
        Failure: Redis does not answer, or holds what is no registry.

    """
    try:
        return asyncio.run(load_registered(settings))
    except (RedisUnavailable, RegistryCorrupt) as error:
        raise Failure(str(error)) from None


async def load_registered(settings: Settings) -> Registry | None:
    """Read the registry; None where no campaign was ever registered.

    Raises:
        RedisUnavailable: Redis does not answer.
        RegistryCorrupt: it holds what is no registry.

    """
    redis = connect(settings)
    try:
        return await registry.load(redis, settings.redis_prefix)
    finally:
        await redis.aclose()

"""The campaigns that are registered now, for commands that judge events by them."""

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
    try:
        found = asyncio.run(_load(settings))
    except (RedisUnavailable, RegistryCorrupt) as error:
        raise Failure(str(error)) from None
    if found is None:
        raise Failure("No campaigns are registered: run `kpis campaigns apply FILE`.")
    return found


async def _load(settings: Settings) -> Registry | None:
    redis = connect(settings)
    try:
        return await registry.load(redis, settings.redis_prefix)
    finally:
        await redis.aclose()

"""The settings of the generation of state that is shown."""

from connections.generations import of_generation
from connections.redis import connect
from connections.shown_generation import ShownGeneration
from models.settings import Settings


async def shown_generation(settings: Settings) -> int | None:
    """Tell what Redis says; None where it does not know.

    Raises:
        RedisUnavailable: Redis does not answer.

    """
    redis = connect(settings)
    try:
        return await ShownGeneration(redis, settings).get()
    finally:
        await redis.aclose()


async def current_settings_of(settings: Settings) -> Settings:
    """Name what a usual worker would count now; where Redis is away, the newest.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    redis = connect(settings)
    try:
        return of_generation(settings, await ShownGeneration(redis, settings).current())
    finally:
        await redis.aclose()

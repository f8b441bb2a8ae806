"""The active generation of the state, and the settings of its workers."""

from connections.active_generation import ActiveGeneration
from connections.generations import of_generation
from connections.redis import connect
from models.settings import Settings


async def active_generation(settings: Settings) -> int | None:
    """Return the active generation; None where Redis does not know it.

    Raises:
        RedisUnavailable: Redis does not answer.

    """
    redis = connect(settings)
    try:
        return await ActiveGeneration(redis, settings).get()
    finally:
        await redis.aclose()


async def current_settings_of(settings: Settings) -> Settings:
    """Return the settings of a regular worker started now; where Redis is away, of the newest generation.

    Raises:
        KafkaUnavailable: the broker does not answer.

    """
    redis = connect(settings)
    try:
        return of_generation(settings, await ActiveGeneration(redis, settings).current())
    finally:
        await redis.aclose()

"""The Redis client, and what it says when nothing answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from models.settings import Settings

_TIMEOUT_SECONDS = 5.0


class RedisUnavailable(Exception):
    """Redis does not answer, or not as it should; the message says where and what to do."""


def connect(settings: Settings) -> Redis:
    """Make a client; nothing is sent until it is used."""
    return Redis.from_url(
        settings.redis_url,
        decode_responses=True,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
    )


@contextmanager
def answering(redis: Redis) -> Iterator[None]:
    """Turn the client's errors into RedisUnavailable."""
    try:
        yield
    except (RedisError, OSError) as error:
        options = redis.connection_pool.connection_kwargs
        where = f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"
        raise RedisUnavailable(
            f"Redis does not answer at {where} ({type(error).__name__}). "
            "Start it (`kpis up` brings its own) or set KPIS_REDIS_URL."
        ) from error

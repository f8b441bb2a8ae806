"""The Redis client, and errors that say what to do when Redis does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ConnectionError, RedisError, ResponseError, TimeoutError

from models.settings import Settings

_TIMEOUT_SECONDS = 5.0


class RedisUnavailable(Exception):
    """Redis does not answer, or answers with an error; the message says where and what to do."""


def connect(settings: Settings) -> Redis:
    """Make a client; nothing is sent until it is used.

    Raises:
        RedisUnavailable: the address cannot be parsed.

    """
    try:
        return Redis.from_url(
            settings.redis_url,
            decode_responses=True,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            # One immediate retry, for a connection that the server has closed; callers that wait ask again.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        # The address is not shown: it may hold a password.
        raise RedisUnavailable(
            "KPIS_REDIS_URL is not a Redis address: it must be like redis://127.0.0.1:6379/0."
        ) from None


@contextmanager
def answering(redis: Redis) -> Iterator[None]:
    """Turn the client's errors into RedisUnavailable."""
    try:
        yield
    except AuthenticationError as error:
        raise RedisUnavailable(
            f"Redis at {_where(redis)} does not let us in ({error}). "
            "Put user and password into KPIS_REDIS_URL: redis://USER:PASSWORD@HOST:PORT/0."
        ) from error
    except (ConnectionError, TimeoutError, OSError) as error:
        raise RedisUnavailable(
            f"Redis does not answer at {_where(redis)} ({type(error).__name__}). "
            "Start it (`kpis up` brings its own) or set KPIS_REDIS_URL."
        ) from error
    except ResponseError as error:
        raise RedisUnavailable(f"Redis at {_where(redis)} refuses: {error}.") from error
    except RedisError as error:
        raise RedisUnavailable(
            f"Redis at {_where(redis)} fails: {type(error).__name__} ({error})."
        ) from error


def _where(redis: Redis) -> str:
    options = redis.connection_pool.connection_kwargs
    return str(options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}")

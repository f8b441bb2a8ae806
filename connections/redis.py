"""The Redis client, and errors that say what to do when Redis does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import Redis, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from connections.redis_words import explain
from models.settings import Settings

_TIMEOUT_SECONDS = 5.0


class RedisUnavailable(Exception):
    """Redis cannot be used; the message says where, why and what to do."""


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
            # Who may only do what we need may not name itself (CLIENT SETINFO, of Redis 7.2), nor ask to be
            # told of maintenance (CLIENT MAINT_NOTIFICATIONS, of some providers).
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
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
    except (RedisError, OSError) as error:
        tls = issubclass(redis.connection_pool.connection_class, SSLConnection)
        raise RedisUnavailable(explain(error, _where(redis), tls=tls)) from error


async def evicting_policy(redis: Redis) -> str | None:
    """Return the policy by which this Redis may drop any key to make room; None if none, or not known.

    Raises:
        RedisUnavailable: Redis does not answer.

    """
    try:
        with answering(redis):
            memory = await redis.info("memory")
    except RedisUnavailable as error:
        if isinstance(error.__cause__, NoPermissionError):
            return None
        raise
    policy = str(memory.get("maxmemory_policy", ""))
    return policy if memory.get("maxmemory") and policy.startswith("allkeys") else None


def _where(redis: Redis) -> str:
    options = redis.connection_pool.connection_kwargs
    return str(options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}")

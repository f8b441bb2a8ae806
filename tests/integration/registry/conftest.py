"""A registry of each test's own, on the Redis that they share."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from connections.redis import connect
from models.settings import Settings


@pytest.fixture
def prefix(unique_name: str) -> str:
    return f"{unique_name}:"


@pytest.fixture
async def redis(redis_url: str, prefix: str) -> AsyncIterator[Redis]:
    """Connect, and leave nothing of this test behind."""
    client = connect(Settings(redis_url=redis_url))
    yield client
    keys = [key async for key in client.scan_iter(f"{prefix}*")]
    if keys:
        await client.delete(*keys)
    await client.aclose()

"""Kafka and Redis that the integration tests share, and names that no other test uses."""

import uuid
from collections.abc import Iterator

import pytest

from embedded.kafka import start_kafka
from embedded.redis import start_redis


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Kafka while the tests run; give its address."""
    with start_kafka(tmp_path_factory.mktemp("kafka")) as server:
        yield server.address


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Redis while the tests run; give the URL of its first database."""
    with start_redis(tmp_path_factory.mktemp("redis")) as server:
        yield f"redis://{server.address}/0"


@pytest.fixture
def unique_name() -> str:
    """Make a short name for a test's topics, groups and keys."""
    return f"t-{uuid.uuid4().hex[:8]}"

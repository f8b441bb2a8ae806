"""Kafka and Redis that the integration tests share, and names that no other test uses."""

import asyncio
import gc
import threading
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis

import embedded.kafka
from connections.redis import connect
from connections.topic_admin import create_missing_topics
from connections.topics import input_topics
from embedded.kafka import start_kafka
from embedded.redis import start_redis
from embedded.server import Server
from models.settings import Settings
from tests.integration.leftovers import end_leftovers
from tests.integration.running import register

MOST_MEMBERS = 4
_PROPERTIES = f"""\
group.max.size={MOST_MEMBERS}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""


@pytest.fixture(scope="session")
def kafka_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run Kafka, with small groups and access control, while the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded.kafka, "_PROPERTIES", embedded.kafka._PROPERTIES + _PROPERTIES)
        server = start_kafka(tmp_path_factory.mktemp("kafka"))
    with server:
        yield server


@pytest.fixture(scope="session")
def kafka(kafka_server: Server) -> str:
    """Return the address of the Kafka that runs while the tests run."""
    return kafka_server.address


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Redis while the tests run; give the URL of its first database."""
    with start_redis(tmp_path_factory.mktemp("redis")) as server:
        yield f"redis://{server.address}/0"


@pytest.fixture(autouse=True)
async def _nothing_left_running() -> AsyncIterator[None]:
    """End what a worker that dies, or gives up on Faust's end, leaves in the test's loop, and its threads.

    Faust and aiokafka swallow cancellations. A loop that closes cancels once, and then waits: for ever. And a
    consumer's thread wakes the loop of its app each second, closed or not. Connections, which nobody closes,
    are let go here: the warnings would be errors of any later test.
    """
    before, threads = asyncio.all_tasks(), set(threading.enumerate())
    yield
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        await end_leftovers([task for task in left if task is not None], set(threading.enumerate()) - threads)
        if left:
            gc.collect()


@pytest.fixture
def unique_name() -> str:
    """Make a short name for a test's topics, groups and keys."""
    return f"t-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def partitions() -> int:
    """Return how many partitions a test's topics have."""
    return 2


@pytest.fixture
async def settings(kafka: str, redis_url: str, unique_name: str, partitions: int) -> Settings:
    """Deploy under names of this test's own, with its topics made."""
    deployed = Settings(
        kafka=kafka,
        redis_url=redis_url,
        redis_prefix=f"{unique_name}:",
        topic_prefix=f"{unique_name}.",
        group=unique_name,
        partitions=partitions,
    )
    await create_missing_topics(deployed)
    return deployed


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[Redis]:
    """Connect to a registry with one campaign."""
    client = connect(settings)
    await register(settings, client)
    yield client
    await client.aclose()


@pytest.fixture
def impressions(settings: Settings) -> str:
    """Name the topic of impressions."""
    return input_topics(settings)[0]

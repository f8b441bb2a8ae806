"""A Kafka that stops answering while a test says so, and a deployment with a spool of its own."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from connections.topic_admin import create_missing_topics
from embedded.server import Server
from models.settings import Settings

Frozen = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def frozen(kafka_server: Server) -> Frozen:
    """Return what halts Kafka where it stands while a block runs."""

    @contextmanager
    def frozen() -> Iterator[None]:
        os.kill(kafka_server.child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(kafka_server.child.pid, signal.SIGCONT)

    return frozen


@pytest.fixture
async def settings(kafka: str, unique_name: str, tmp_path: Path) -> Settings:
    """Deploy under names of this test's own, with its topics made."""
    return await deployed(kafka, unique_name, tmp_path)


async def deployed(kafka: str, name: str, folder: Path) -> Settings:
    """Make topics under a prefix, and return what a collector needs to know."""
    settings = Settings(
        kafka=kafka, topic_prefix=f"{name}.", group=name, partitions=2, data_dir=folder / "data"
    )
    await create_missing_topics(settings)
    return settings

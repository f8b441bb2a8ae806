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
from tests import whole

Frozen = Callable[[], AbstractContextManager[None]]


def pytest_configure(config: pytest.Config) -> None:
    whole.configure(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        whole.with_seeds(metafunc)


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
    deployed = Settings(
        kafka=kafka,
        topic_prefix=f"{unique_name}.",
        group=unique_name,
        partitions=2,
        data_dir=tmp_path / "data",
    )
    await create_missing_topics(deployed)
    return deployed

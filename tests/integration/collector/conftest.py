"""A Kafka that stops answering while a test says so, a spool for each test, the collector's event loop."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvloop

from embedded.server import Server
from models.settings import Settings
from tests import whole

Frozen = Callable[[], AbstractContextManager[None]]


def pytest_configure(config: pytest.Config) -> None:
    whole.configure(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        whole.with_seeds(metafunc)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run these tests on uvloop, whose transports are not asyncio's."""
    return {"uvloop": uvloop.new_event_loop}


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
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Deploy with a spool of this test's own."""
    return settings.model_copy(update={"data_dir": tmp_path / "data"})

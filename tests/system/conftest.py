"""Servers that the system tests share, and a deployment of its own for each test."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.support import product
from tests.system.support.product import Deployment, Servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Run Kafka and Redis while the tests run."""
    with product.servers(tmp_path_factory.mktemp("servers")) as started:
        yield started


@pytest.fixture
def deployment(servers: Servers, tmp_path: Path) -> Deployment:
    """Return a test its own topics, group, registry and address."""
    return Deployment(servers, f"t-{uuid.uuid4().hex[:8]}", tmp_path)

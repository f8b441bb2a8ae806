"""A collector in memory, and a Kafka in memory, for each test."""

import pytest

from tests.unit.producers.collector.fakes import Kafka
from tests.unit.producers.collector.scene import Scene


@pytest.fixture
def kafka() -> Kafka:
    return Kafka()


@pytest.fixture
def scene() -> Scene:
    return Scene()

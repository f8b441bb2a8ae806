"""A broker that is frozen for longer than a session, and killed and started again on the same data."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.faults.board import Run
from tests.system.faults.servers import Broker
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment, Servers


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Run a Kafka of the test's own."""
    with Broker(tmp_path / "kafka") as started:
        yield started


def test_nothing_is_lost_or_doubled_though_the_broker_is_frozen_and_killed(
    servers: Servers, broker: Broker, tmp_path: Path, run: Run
) -> None:
    deployment = Deployment(Servers(broker.direct, servers.redis_url), f"broker-{run.seed}", tmp_path)
    chance = random.Random(run.seed)
    with Trial(deployment, run, workers=2) as trial:
        for number in range(run.of(1, 2)):
            trial.until_counting(chance.randint(200, 2000))
            _freeze(trial, broker, 12 if number == 0 else chance.uniform(5, 40))
            trial.until_counting(chance.randint(200, 2000))
            _kill(trial, broker, chance.uniform(0, 8))
        trial.until_counting()
        trial.conclude("broker frozen, killed")


def _freeze(trial: Trial, broker: Broker, seconds: float) -> None:
    trial.fleet.acts[f"broker frozen {seconds:.0f} s"] += 1
    broker.freeze()
    time.sleep(seconds)
    broker.wake()


def _kill(trial: Trial, broker: Broker, seconds: float) -> None:
    trial.fleet.acts["broker killed"] += 1
    broker.kill()
    time.sleep(seconds)
    broker.start()

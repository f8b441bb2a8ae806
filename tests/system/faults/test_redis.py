"""Redis is gone, slow and empty while workers count: they go on, and keep every campaign shown."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as Client

from tests.system.faults.board import Run
from tests.system.faults.proxy import Proxy
from tests.system.faults.servers import Redis
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment, Servers


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """Run a Redis of the test's own."""
    with Redis(tmp_path / "redis") as started:
        yield started


@pytest.fixture
def proxy(redis: Redis) -> Iterator[Proxy]:
    """Run the proxy that workers reach it through."""
    with Proxy() as started:
        started.forward(redis.address)
        yield started


def test_counting_goes_on_and_campaigns_stay_though_redis_is_gone_slow_and_empty(
    servers: Servers, redis: Redis, proxy: Proxy, tmp_path: Path, run: Run
) -> None:
    deployment = Deployment(
        Servers(servers.kafka, f"redis://{proxy.address}/0"), f"redis-{run.seed}", tmp_path
    )
    with Trial(deployment, run, workers=2) as trial:
        trial.until_shared()
        # Partitions are live a moment before the group confirms that they may be shown.
        trial.until_counting()
        began, sightings = trial.lookout.now(), trial.lookout.sightings
        shown = sightings.shown()
        for _ in range(run.of(1, 2)):
            _gone(trial, redis)
            _slow(trial, proxy)
            _still(trial, proxy)
        _empty(trial, redis)
        assert sightings.shown() == shown
        assert not (longest := sightings.longest(began)), f"hidden for {longest:.1f} s"
        trial.conclude("Redis gone, slow, still, empty")


def _gone(trial: Trial, redis: Redis) -> None:
    trial.fleet.acts["gone"] += 1
    redis.kill()
    time.sleep(6)
    trial.until_counting()
    redis.start()
    trial.until_counting()


def _slow(trial: Trial, proxy: Proxy) -> None:
    trial.fleet.acts["slow"] += 1
    proxy.delay = 3.0
    time.sleep(6)
    trial.until_counting()
    proxy.heal()


def _still(trial: Trial, proxy: Proxy) -> None:
    trial.fleet.acts["still"] += 1
    proxy.stalled = True
    time.sleep(6)
    trial.until_counting()
    proxy.heal()
    proxy.cut()


def _empty(trial: Trial, redis: Redis) -> None:
    """Take everything away; workers look every few seconds, so that they see it more than once."""
    trial.fleet.acts["empty"] += 1
    host, port = redis.address.split(":")
    with Client(host=host, port=int(port)) as client:
        client.flushall()
    time.sleep(12)
    trial.until_counting()

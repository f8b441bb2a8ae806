"""The way from workers to the broker is slow, is cut, stands still, or is refused."""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.faults.board import Run
from tests.system.faults.proxy import Proxy
from tests.system.faults.servers import Broker
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment, Servers


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Run a proxy that forwards nowhere yet."""
    with Proxy() as started:
        yield started


@pytest.fixture
def broker(proxy: Proxy, tmp_path: Path) -> Iterator[Broker]:
    """Run a Kafka that workers reach through the proxy, and producers without it."""
    with Broker(tmp_path / "kafka", proxy.address) as started:
        proxy.forward(started.behind)
        yield started


class Trouble:
    """What happens to the way, drawn by a seed: each kind in turn, before any comes again."""

    def __init__(self, proxy: Proxy, trial: Trial, seed: int) -> None:
        self._proxy, self._trial, self._acts = proxy, trial, trial.fleet.acts
        self._chance = random.Random(seed)
        self._coming: list[Callable[[], str]] = []

    def act(self) -> None:
        """Do the next thing to the way, and let it be whole again."""
        if not self._coming:
            self._coming = [self._slow, self._cut, self._still, self._mute, self._refused]
            self._chance.shuffle(self._coming)
        self._acts[self._coming.pop()()] += 1
        self._proxy.heal()

    def _slow(self) -> str:
        self._proxy.delay = self._chance.uniform(0.2, 1.5)
        time.sleep(self._chance.uniform(6, 15))
        return f"{self._proxy.delay:.1f} s slow"

    def _cut(self) -> str:
        for _ in range(self._chance.randint(2, 5)):
            self._proxy.cut()
            time.sleep(self._chance.uniform(0, 2))
        return "cut"

    def _still(self) -> str:
        """Keep back whatever is sent, some of it for longer than a session, then break off."""
        self._proxy.stalled = True
        time.sleep(self._chance.uniform(4, 13))
        self._proxy.cut()
        return "still, then cut"

    def _mute(self) -> str:
        """Let writes arrive and their acknowledgements not: the workers cannot know what is stored."""
        self._proxy.mute = True
        time.sleep(self._chance.uniform(4, 13))
        self._proxy.cut()
        return "mute, then cut"

    def _refused(self) -> str:
        self._proxy.refusing = True
        self._proxy.cut()
        before = self._applied_at_rest()
        time.sleep(self._chance.uniform(1, 9))
        assert self._trial.applied() <= before, "workers reach Kafka on another way than through the proxy"
        return "refused"

    def _applied_at_rest(self) -> int:
        """Wait until what was fetched before is applied: on a busy machine that has taken more than 3 s."""
        before, ends = -1, time.monotonic() + 30
        while (now := self._trial.applied()) != before and time.monotonic() < ends:
            before = now
            time.sleep(3)
        return before


def test_nothing_is_lost_or_doubled_though_the_way_to_kafka_is_slow_cut_still_and_refused(
    servers: Servers, proxy: Proxy, broker: Broker, tmp_path: Path, run: Run
) -> None:
    name = {"KPIS_KAFKA": proxy.address}
    deployment = Deployment(Servers(broker.direct, servers.redis_url), f"way-{run.seed}", tmp_path, name)
    with Trial(deployment, run, workers=2) as trial:
        trial.until_counting()
        trouble = Trouble(proxy, trial, run.seed)
        for _ in range(run.of(3, 8)):
            trouble.act()
            trial.until_counting()
        trial.conclude("way to Kafka in trouble")

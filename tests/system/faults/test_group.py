"""Others in the consumer group: a stranger, too many workers, and two of one name."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer

from tests.system.faults.board import Run
from tests.system.faults.servers import Broker
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment, Servers

pytestmark = pytest.mark.whole


class Stranger(threading.Thread):
    """A consumer of somebody else's in the workers' group, with a way of sharing that they do not know."""

    def __init__(self, deployment: Deployment, topic: str) -> None:
        super().__init__(daemon=True)
        kafka, group = deployment.servers.kafka, deployment.settings["KPIS_GROUP"]
        self._consumer = Consumer({"bootstrap.servers": kafka, "group.id": group, "client.id": "stranger"})
        self._leaving, self._in = threading.Event(), threading.Event()
        self._consumer.subscribe([deployment.prefix + topic], on_assign=lambda *_: self._in.set())

    def run(self) -> None:
        """Be a member, or try to become one, until told to leave."""
        while not self._leaving.is_set():
            self._consumer.poll(0.1)
        self._consumer.close()

    def until_in(self) -> None:
        """Wait until it is a member."""
        assert self._in.wait(60), "the stranger was not let into the group within 60 s"

    def leave(self) -> None:
        """Leave the group."""
        self._leaving.set()
        self.join(30)


@pytest.mark.parametrize("topic", ["clicks", "dead-letters"])
def test_workers_wait_while_a_stranger_is_in_their_group_and_count_once_it_is_gone(
    deployment: Deployment, run: Run, topic: str
) -> None:
    with Trial(deployment, run, workers=2, plain=True) as trial:
        trial.until_settled()
        for member in trial.fleet.members:
            trial.fleet.stop(member)
        stranger = Stranger(deployment, topic)
        stranger.start()
        stranger.until_in()
        for member in trial.fleet.members:
            trial.fleet.run(member)
        time.sleep(run.of(10, 40))
        said = trial.fleet.members[0].get("/readyz")
        stranger.leave()
        trial.until_settled()
        assert said.status == 503
        late = Stranger(deployment, topic)
        late.start()
        time.sleep(5)
        trial.until_counting()
        late.leave()
        trial.conclude(f"stranger in the group, reads {topic}")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Broker]:
    """Run a Kafka that admits two members to a group."""
    with Broker(tmp_path / "kafka", more="group.max.size=2\n") as started:
        yield started


def test_a_worker_that_the_group_has_no_room_for_joins_once_another_has_left(
    servers: Servers, small: Broker, tmp_path: Path, run: Run
) -> None:
    deployment = Deployment(Servers(small.direct, servers.redis_url), f"full-{run.seed}", tmp_path)
    with Trial(deployment, run, workers=2, plain=True) as trial:
        trial.until_settled()
        third = trial.add()
        trial.fleet.run(third)
        time.sleep(run.of(10, 30))
        assert third.get("/readyz").status == 503
        trial.begins("stop with one more waiting for room", trial.fleet.members[0])
        trial.fleet.stop(trial.fleet.members[0])
        trial.until_settled()
        trial.conclude("no room in the group")


def test_nothing_is_lost_or_doubled_though_two_workers_have_one_name(
    deployment: Deployment, run: Run
) -> None:
    """The later one takes the place of the earlier; a supervisor that starts that again turns it round."""
    with Trial(deployment, run, workers=2, plain=True) as trial:
        trial.until_settled()
        namesake = trial.add(name=trial.fleet.members[0].name)
        trial.begins("two workers of one name", *trial.fleet.members)
        trial.fleet.run(namesake)
        time.sleep(run.of(15, 60))
        trial.fleet.stop(namesake)
        trial.until_settled()
        trial.conclude("two workers of one name")

"""Partitions are added under load, and the state is rebuilt: the new workers show it, the old ones end."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.system.faults.board import Run
from tests.system.faults.fleet import FAIL_STOP, Member
from tests.system.faults.trial import Trial
from tests.system.support.judging import TYPES
from tests.system.support.kafka import add_partitions, delete_topics
from tests.system.support.processes import until
from tests.system.support.product import Deployment

ADDED = 6
SWITCH = 240
"""Seconds in which the new generation must be active: on a quiet machine it takes fifteen."""
END = 35
"""Seconds in which an old worker must have ended: 30 are what its own end may take."""


@pytest.fixture
def rebuilt(deployment: Deployment) -> Iterator[Deployment]:
    """Return the test's deployment, and delete its topics afterwards: many in a row would slow Kafka down."""
    yield deployment
    delete_topics(deployment.servers.kafka, deployment.name)


@pytest.mark.rebuilds
def test_a_rebuild_over_added_partitions_is_shown_and_every_old_worker_ends(
    rebuilt: Deployment, run: Run
) -> None:
    chance = random.Random(run.seed)
    with Trial(rebuilt, run, workers=2, rate=50, plain=True) as trial:
        trial.until_settled()
        old = list(trial.fleet.members)
        _add_partitions(trial)
        new = [trial.add("--rebuild"), trial.add("--rebuild")]
        trial.begins("rebuild over added partitions", *old, *new)
        for member in old:
            trial.fleet.leave_alone(member)
        for member in new:
            trial.fleet.run(member)
            time.sleep(chance.uniform(0, 2))
        until(lambda: any(not member.running for member in old), SWITCH, "the new generation is active")
        _await_end(old)
        trial.until_settled()
        trial.conclude("rebuild over added partitions")


def _add_partitions(trial: Trial) -> None:
    """Add them to the topics that events come on, and send to all."""
    deployment = trial.deployment
    add_partitions(deployment.servers.kafka, [f"{deployment.prefix}{topic}" for topic in TYPES], ADDED)
    trial.partitions = ADDED
    trial.flow.widen(range(ADDED))


def _await_end(old: list[Member]) -> None:
    until(lambda: not any(member.running for member in old), END, "the old workers have ended")
    codes = {member.name: member.process.exit_code for member in old if member.process}
    assert set(codes.values()) == {FAIL_STOP}, f"the old workers ended with {codes}"

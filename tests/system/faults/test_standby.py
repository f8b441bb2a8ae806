"""More workers than partitions: some stand by, and take over from whoever is killed or stopped."""

import random

from tests.system.faults.board import Run
from tests.system.faults.fate import SESSION
from tests.system.faults.fleet import Member
from tests.system.faults.trial import Trial
from tests.system.support.processes import until
from tests.system.support.product import Deployment

SOON = 15.0
"""Seconds, after the session where a worker was killed, in which another counts, on a busy machine."""


def test_workers_beyond_the_partitions_stand_by_and_take_over_in_turn(
    deployment: Deployment, run: Run
) -> None:
    chance = random.Random(run.seed)
    partitions = run.of(1, 2)
    with Trial(
        deployment, run, workers=run.of(2, 4), plain=True, closely=True, partitions=partitions
    ) as trial:
        trial.until_settled()
        for number in range(run.of(1, 6)):
            _end(trial, chance.choice(_until_all_are_ready(trial)), kill=(number + run.seed) % 2 == 1)
        trial.conclude("workers standing by")


def _end(trial: Trial, member: Member, *, kill: bool) -> None:
    if kill:
        trial.begins("kill beside a standby", member)
        trial.fleet.kill(member)
    else:
        trial.begins("stop beside a standby", member)
        trial.fleet.stop(member)
    trial.until_counting(seconds=SOON + SESSION * kill)
    trial.acts.settle()
    trial.begins("a standby joins", member)
    trial.fleet.run(member)
    trial.until_settled()


def _until_all_are_ready(trial: Trial) -> list[Member]:
    """Wait until all workers are ready, those that stand by too, and say so; return the others.

    An orchestrator would start them again otherwise. Pages tell it less surely: while whoever was started
    last joins, they show no live partition for a moment.
    """
    active: list[Member] = []

    def ready() -> bool:
        answers = [(member, member.get("/readyz")) for member in trial.fleet.awake()]
        active[:] = [member for member, answer in answers if "standing by" not in answer.text]
        return len(active) == trial.partitions and all(answer.status == 200 for _, answer in answers)

    until(ready, 30, "all workers are ready, and those without a partition stand by")
    return active

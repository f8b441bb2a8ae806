"""Three workers that are stopped, killed, frozen past their session, and rolled."""

import random
import time

from tests.system.faults.board import Run
from tests.system.faults.fleet import Member
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment

SESSION = 10.0
"""Seconds after which Kafka gives the partitions of a worker that is silent to others (docs/limits.md)."""


class Fate:
    """What happens to workers, drawn by a seed: each kind in turn, before any comes again."""

    def __init__(self, trial: Trial, seed: int) -> None:
        self._trial, self._fleet = trial, trial.fleet
        self._chance = random.Random(seed)
        self._coming: list[str] = []

    def act(self) -> None:
        """Do the next thing to some worker, once all of them count or a moment after the last."""
        if self._chance.random() < 0.6:
            self._trial.until_counting()
        if not self._coming:
            self._coming = ["stop", "kill", "freeze", "roll"]
            self._chance.shuffle(self._coming)
        kind = self._coming.pop()
        getattr(self, f"_{kind}")(self._chance.choice(self._fleet.members))

    def _stop(self, member: Member) -> None:
        self._fleet.stop(member)
        self._pause(0, 4)
        self._fleet.run(member)

    def _kill(self, member: Member) -> None:
        self._fleet.kill(member)
        self._pause(0, 15)
        self._fleet.run(member)

    def _freeze(self, member: Member) -> None:
        self._fleet.freeze(member)
        self._pause(SESSION + 2, SESSION + 8)
        self._fleet.wake(member)

    def _roll(self, _: Member) -> None:
        """Restart all, one by one, each once the one before it is at work: as orchestrators do."""
        for member in self._fleet.members:
            self._fleet.stop(member)
            self._fleet.run(member)
            self._trial.until_counting()

    def _pause(self, least: float, most: float) -> None:
        time.sleep(self._chance.uniform(least, most))


def test_nothing_is_lost_or_doubled_though_workers_are_stopped_killed_frozen_and_rolled(
    deployment: Deployment, run: Run
) -> None:
    with Trial(deployment, run, workers=3) as trial:
        trial.until_shared()
        fate = Fate(trial, run.seed)
        for _ in range(run.of(5, 15)):
            fate.act()
        trial.until_counting()
        trial.conclude("workers stopped, killed, frozen, rolled")

"""What happens to a trial's workers: one is stopped, killed, frozen, joined by another; all are rolled."""

import random
import time
from collections.abc import Sequence

from tests.system.faults.fleet import Member
from tests.system.faults.trial import Trial

SESSION = 10.0
"""Seconds after which Kafka gives the partitions of a worker that is silent to others (docs/limits.md)."""
HURRY = 0.4
KINDS = ("stop", "restart", "kill", "freeze", "scale", "meet", "roll")


class Fate:
    """What happens to workers, drawn by a seed: each kind in turn, before any comes again."""

    def __init__(self, trial: Trial, seed: int, kinds: Sequence[str] = KINDS) -> None:
        self._trial, self._fleet, self._kinds = trial, trial.fleet, kinds
        self._members, self._further = list(self._fleet.members), trial.add()
        self._chance = random.Random(seed)
        self._coming: list[str] = []

    def act(self) -> None:
        """Do the next thing to some worker."""
        if not self._coming:
            self._coming = list(self._kinds)
            self._chance.shuffle(self._coming)
        kind = self._coming.pop()
        getattr(self, f"_{kind}")(self._chance.choice(self._members))

    def hurries(self) -> bool:
        """Draw whether the next thing is to happen before the workers have come to rest."""
        return self._chance.random() < HURRY

    def _stop(self, member: Member) -> None:
        self._trial.begins("stop, start", member)
        self._fleet.stop(member)
        self._pause(0, 4)
        self._fleet.run(member)

    def _restart(self, member: Member) -> None:
        self._trial.begins("kill, start within the session", member)
        self._fleet.kill(member)
        self._pause(0, 4)
        self._fleet.run(member)

    def _kill(self, member: Member) -> None:
        self._trial.begins("kill, start later", member)
        self._fleet.kill(member)
        self._pause(SESSION + 4, SESSION + 8)
        self._fleet.run(member)

    def _freeze(self, member: Member) -> None:
        self._trial.begins("freeze past the session", member)
        self._fleet.freeze(member)
        self._pause(SESSION + 2, SESSION + 8)
        self._fleet.wake(member)

    def _scale(self, _: Member) -> None:
        """Let one worker more join, and leave again."""
        self._trial.begins("a worker more", self._further)
        self._fleet.run(self._further)
        self._trial.until_settled()
        self._trial.begins("a worker less", self._further)
        self._fleet.stop(self._further)

    def _meet(self, member: Member) -> None:
        """Let the rebalance that one worker more brings meet the stop of another."""
        self._trial.begins("a stop that meets a rebalance", member, self._further)
        self._fleet.run(self._further)
        self._pause(0, 6)
        self._fleet.stop(member)
        self._fleet.run(member)
        self._pause(0, 6)
        self._fleet.stop(self._further)

    def _roll(self, _: Member) -> None:
        """Restart all, one by one, each once the one before it is at work: as orchestrators do."""
        for member in self._members:
            self._trial.begins("roll", member)
            self._fleet.stop(member)
            self._fleet.run(member)
            self._trial.until_settled()

    def _pause(self, least: float, most: float) -> None:
        time.sleep(self._chance.uniform(least, most))

"""A worker that is killed again and again, at any moment of its life; consent is assumed."""

import random
import time

from tests.system.faults.board import Run
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment


def test_nothing_is_lost_or_doubled_though_the_worker_is_killed_again_and_again(
    deployment: Deployment, run: Run
) -> None:
    chance = random.Random(run.seed)
    with Trial(deployment, run, workers=1, assume_consent=True) as trial:
        (worker, *_) = trial.fleet.members
        for number in range(run.of(2, 8)):
            if number % 3 == 2:
                time.sleep(chance.uniform(0.2, 6))  # whatever it does by then: it joins, recovers or counts
            else:
                trial.until_counting(chance.randint(100, 2000))
            trial.fleet.kill(worker)
            trial.fleet.run(worker)
        trial.until_counting()
        trial.conclude("worker killed")

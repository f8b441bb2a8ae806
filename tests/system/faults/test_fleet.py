"""Three workers that are stopped, killed, frozen past their session, rolled, and joined by a fourth."""

from tests.system.faults.board import Run
from tests.system.faults.fate import KINDS, Fate
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment

SHORT = ("freeze", "meet")
"""What test_hiding.py does not do in the short run."""


def test_nothing_is_lost_or_doubled_though_workers_are_stopped_killed_frozen_and_rolled(
    deployment: Deployment, run: Run
) -> None:
    with Trial(deployment, run, workers=3) as trial:
        trial.until_settled()
        fate = Fate(trial, run.seed, KINDS if run.whole else SHORT)
        for _ in range(run.of(2, 8)):
            fate.act()
            if not fate.hurries():
                trial.until_settled()
        trial.until_settled()
        trial.conclude("workers stopped, killed, frozen, rolled")

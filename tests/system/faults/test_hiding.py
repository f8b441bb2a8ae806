"""How long campaigns are hidden by each thing that may happen to one of three workers."""

from tests.system.faults.board import Run
from tests.system.faults.fate import KINDS, Fate
from tests.system.faults.trial import Trial
from tests.system.support.product import Deployment

SHORT = ("stop", "kill")


def test_what_happens_to_a_worker_hides_its_own_campaigns_alone_and_those_briefly(
    deployment: Deployment, run: Run
) -> None:
    kinds = KINDS if run.whole else SHORT
    with Trial(deployment, run, workers=3, plain=True, closely=True) as trial:
        trial.until_settled()
        fate = Fate(trial, run.seed, kinds)
        for _ in kinds:
            fate.act()
            trial.until_settled()
        trial.conclude("each act alone, small pages")

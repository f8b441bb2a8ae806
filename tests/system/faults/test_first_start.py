"""A group that never ran, over topics that hold events already; and so many that records become large."""

from dataclasses import replace

from tests.system.faults.board import Run
from tests.system.faults.trial import MIX, PARTITIONS, Trial
from tests.system.support.product import Deployment

# Mostly comments as long as one may be: five thousand signs, up to 30 kB as JSON escapes them.
LONG = replace(
    MIX,
    topics={"impressions": 30, "clicks": 10, "engagements": 45, "conversions": 15},
    longest_text=5000,
)


def test_nothing_is_lost_where_two_workers_begin_at_once_over_topics_that_hold_events(
    deployment: Deployment, run: Run
) -> None:
    with Trial(deployment, run, workers=2, before=(run.of(20_000, 50_000), range(PARTITIONS))) as trial:
        trial.until_counting()
        trial.conclude("first start over old events")


def test_nothing_is_lost_where_more_waits_on_wrong_partitions_than_a_message_holds(
    deployment: Deployment, run: Run
) -> None:
    """Put all on two partitions: every campaign is on a wrong one for half of its events at least."""
    two = [run.seed % PARTITIONS, (run.seed + 1) % PARTITIONS]
    with Trial(deployment, run, workers=2, rate=100, mix=LONG, before=(60_000, two)) as trial:
        trial.until_counting()
        trial.conclude("burst of large events")

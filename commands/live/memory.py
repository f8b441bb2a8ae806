"""What was last read of each worker and campaign, so that nothing vanishes unnoticed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from commands.live.page import CampaignPage, campaign_pages
from commands.metrics_page import Sample
from models.metrics.pipeline_metrics import CONSUMER_LAG, PARTITIONS

STALE_SECONDS = 10
"""Older than this a figure is shown as old, whatever the worker says."""
FORGOTTEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of reading a worker's page at a Unix time: samples, or a problem in half a line.

    `whole` names the campaign of which every series was asked for.
    """

    address: str
    at: float
    samples: Sequence[Sample] = ()
    problem: str | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """The state of a worker: when it last answered, what is wrong, and what it has not counted yet."""

    address: str
    answered_at: float | None = None
    problem: str | None = None
    lag: float = 0
    recovering: float = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What was last read of a campaign, when and from which worker."""

    page: CampaignPage
    read_at: float
    address: str


@dataclass(frozen=True, slots=True)
class Memory:
    """All workers that are asked, and every campaign that any of them has shown."""

    workers: Mapping[str, Worker]
    campaigns: Mapping[str, Known] = field(default_factory=dict)

    def pages(self) -> dict[str, CampaignPage]:
        """Return the last known page of every campaign."""
        return {name: known.page for name, known in self.campaigns.items()}

    def age(self, campaign: str, now: float) -> float | None:
        """Return how old in seconds what is known of a campaign is; None while it is fresh."""
        known = self.campaigns[campaign]
        worker = self.workers[known.address]
        answered = worker.answered_at or 0
        fresh = known.read_at >= answered and worker.problem is None
        return None if fresh and now - known.read_at <= STALE_SECONDS else max(0.0, now - known.read_at)


def unread(addresses: Sequence[str]) -> Memory:
    """Return the memory of workers that were not asked yet."""
    return Memory({address: Worker(address) for address in addresses})


def remember(memory: Memory, answer: Answer) -> Memory:
    """Take in a worker's answer; campaigns that it does not show stay as they were, for an hour."""
    before = memory.workers[answer.address]
    if answer.problem is not None:
        worker = replace(before, problem=answer.problem)
    else:
        worker = Worker(answer.address, answer.at, None, *_pipeline(answer.samples))
    read = {
        name: Known(page, answer.at, answer.address)
        for name, page in campaign_pages(answer.samples, answer.whole).items()
    }
    kept = {
        name: known
        for name, known in memory.campaigns.items()
        if answer.at - known.read_at <= FORGOTTEN_SECONDS
    }
    return Memory({**memory.workers, answer.address: worker}, {**kept, **read})


def _pipeline(samples: Sequence[Sample]) -> tuple[float, float]:
    """Add up the records that wait and the partitions that are being restored."""
    lag = sum(s.value for s in samples if s.name == CONSUMER_LAG.name)
    restored = (s for s in samples if s.name == PARTITIONS.name)
    return lag, sum(s.value for s in restored if s.labels.get("state") == "recovering")

"""What was last read of each worker and campaign, so that nothing vanishes unnoticed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from commands.worker_views import Query, View
from models.readings.views import CampaignFigures, CampaignsView
from models.windows import WindowName

STALE_SECONDS = 60
"""Older than this a figure is shown as old, whatever the worker says."""
FORGOTTEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of asking a worker at a Unix time: a view, or a problem in half a line.

    Neither: the worker answers that it does not show the campaign.
    """

    address: str
    at: float
    query: Query
    view: View | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """The state of a worker: when it last answered, what is wrong, and what it has not counted yet.

    `to_show` counts the campaigns that workers should show together; `asked` tells when it last answered each
    query.
    """

    address: str
    answered_at: float | None = None
    problem: str | None = None
    ready: bool = True
    reason: str = ""
    lag: int = 0
    recovering: int = 0
    registered: int = 0
    to_show: int = 0
    asked: Mapping[Query, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What was last read of a campaign: when, from which worker, and by which query."""

    campaign: CampaignFigures
    read_at: float
    address: str
    query: Query


@dataclass(frozen=True, slots=True)
class Memory:
    """All workers that are asked, and what any of them has shown of a campaign, by id and query."""

    workers: Mapping[str, Worker]
    known: Mapping[tuple[str, Query], Known] = field(default_factory=dict)

    def campaigns(self, window: WindowName) -> dict[str, Known]:
        """Return the newest of every campaign over a window; without figures where only others were read."""
        found: dict[str, Known] = {}
        for (name, _), known in self.known.items():
            if known.query.campaign is None:
                here = known if known.query.window == window else _without_figures(known)
                before = found.get(name)
                if before is None or _rank(here, window) > _rank(before, window):
                    found[name] = here
        return found

    def campaign(self, name: str, window: WindowName) -> Known | None:
        """Return the newest of one campaign over a window, from whatever query tells the most of it."""
        there = [one for (other, _), one in self.known.items() if other == name]
        here = [one for one in there if one.query.window == window]
        return max(here, key=lambda one: (one.query.campaign is not None, one.read_at), default=None)

    def parts(self, name: str, window: WindowName) -> Known | None:
        """Return the newest of one campaign over a window with its influencers, contents and so on."""
        there = [
            one
            for (other, query), one in self.known.items()
            if other == name and query.window == window and query.scopes
        ]
        return max(there, key=lambda one: one.read_at, default=None)

    def missing(self, now: float) -> int:
        """Return how many campaigns are to be shown, but by no worker that is asked."""
        overview = (one for one in self.known.values() if one.query.campaign is None)
        shown = {one.campaign.id for one in overview if self.age(one, now) is None}
        return max(0, max(worker.to_show for worker in self.workers.values()) - len(shown))

    def age(self, known: Known, now: float) -> float | None:
        """Return how old in seconds what is known of a campaign is; None while it is fresh."""
        worker = self.workers[known.address]
        age = max(0.0, now - known.read_at)
        fresh = worker.problem is None and known.read_at >= worker.asked.get(known.query, 0)
        return None if fresh and age <= STALE_SECONDS else age


def unread(addresses: Sequence[str]) -> Memory:
    """Return the memory of workers that were not asked yet."""
    return Memory({address: Worker(address) for address in addresses})


def remember(memory: Memory, answer: Answer) -> Memory:
    """Take in a worker's answer; campaigns that it does not show stay as they were, for an hour."""
    before = memory.workers[answer.address]
    if answer.problem is not None:
        worker = replace(before, problem=answer.problem)
    else:
        worker = _answered(before, answer)
    read = {(one.campaign.id, answer.query): one for one in _read(answer)}
    kept = {key: one for key, one in memory.known.items() if answer.at - one.read_at <= FORGOTTEN_SECONDS}
    # Two workers may show a campaign for a moment: whoever was asked last is right.
    newer = {key: one for key, one in read.items() if key not in kept or one.read_at >= kept[key].read_at}
    return Memory({**memory.workers, answer.address: worker}, {**kept, **newer})


def _answered(before: Worker, answer: Answer) -> Worker:
    asked = {**before.asked, answer.query: answer.at}
    if answer.view is None:
        return replace(before, answered_at=answer.at, problem=None, asked=asked)
    view = answer.view
    return Worker(
        answer.address, answer.at, None, view.ready, view.reason, view.pipeline.lag,
        view.pipeline.partitions.get("recovering", 0), view.registered, _to_show(before, view), asked,
    )  # fmt: skip


def _to_show(before: Worker, view: View) -> int:
    if isinstance(view, CampaignsView):
        return len(view.campaigns) + view.left_out + view.elsewhere
    return before.to_show


def _read(answer: Answer) -> Iterator[Known]:
    view = answer.view
    if view is not None:
        campaigns = view.campaigns if isinstance(view, CampaignsView) else [view.campaign]
        for one in campaigns:
            yield Known(one, answer.at, answer.address, answer.query)


def _without_figures(known: Known) -> Known:
    campaign = known.campaign
    if not campaign.kpis:
        return known
    return replace(known, campaign=msgspec.structs.replace(campaign, kpis={}))


def _rank(known: Known, window: WindowName) -> tuple[bool, float]:
    return known.query.window == window, known.read_at

"""For how long a campaign was on no page, as a scraper of every worker sees it."""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

START = "start"
MIXED = "several at once"


@dataclass(frozen=True)
class Gap:
    """A time in which a campaign was hidden, in seconds, and who showed it before and after.

    It lasts from the request of the last page that had it to that of the first that has it again, with at
    least one request in between that did not bring it: so it is never too short, and too long by one look.
    `noticed` is when that one was answered.
    """

    campaign: str
    began: float
    noticed: float
    ended: float
    before: str
    after: str

    @property
    def seconds(self) -> float:
        """Return how long it was."""
        return self.ended - self.began


@dataclass
class Act:
    """What was done, to which workers, from when on; gaps belong to the last act before they were noticed."""

    kind: str
    workers: set[str]
    began: float
    settled: bool = False

    def own(self, gap: Gap) -> bool:
        """Return whether a gap is of a campaign that the worker acted upon showed, or took on."""
        return bool({gap.before, gap.after} & self.workers)


class Sightings:
    """Who showed which campaign, look by look; looks at one worker come in their order."""

    def __init__(self) -> None:
        self.gaps: list[Gap] = []
        self._lock = threading.Lock()
        self._last: dict[str, tuple[float, str]] = {}
        self._noticed: dict[str, float] = {}

    def add(self, asked: float, answered: float, pages: Mapping[str, Collection[str]]) -> None:
        """Note what is on workers' pages, which were asked for at the same moment.

        Nothing is shown where no page came.
        """
        with self._lock:
            for worker, shown in pages.items():
                for campaign in shown:
                    self._see(campaign, worker, asked)
            for campaign, (last, who) in self._last.items():
                if last < asked and who in pages and campaign not in pages[who]:
                    self._noticed.setdefault(campaign, answered)

    def shown(self) -> set[str]:
        """Name the campaigns that are on some page."""
        with self._lock:
            return self._last.keys() - self._noticed.keys()

    def close(self, moment: float) -> None:
        """End the gaps that are still open."""
        with self._lock:
            for campaign in list(self._noticed):
                self._end(campaign, moment, "")

    def longest(self, since: float = 0.0) -> float:
        """Return the longest gap that began after a moment."""
        return max((gap.seconds for gap in list(self.gaps) if gap.began >= since), default=0.0)

    def _see(self, campaign: str, worker: str, asked: float) -> None:
        if asked < self._last.get(campaign, (0.0, ""))[0]:
            return
        if campaign in self._noticed:
            self._end(campaign, asked, worker)
        self._last[campaign] = (asked, worker)

    def _end(self, campaign: str, moment: float, after: str) -> None:
        last, before = self._last[campaign]
        self.gaps.append(Gap(campaign, last, self._noticed.pop(campaign), moment, before, after))


class Acts:
    """What was done in a trial, in its order."""

    def __init__(self) -> None:
        self.all = [Act(START, set(), 0.0)]

    def begin(self, kind: str, workers: Iterable[str], moment: float) -> None:
        """Note an act; one that begins before the last has settled makes a mixture of both."""
        last = self.all[-1]
        if last.settled or last.kind == START:
            self.all.append(Act(kind, set(workers), moment))
        else:
            last.kind = MIXED
            last.workers |= set(workers)

    def settle(self) -> None:
        """Note that all is as it should be again."""
        self.all[-1].settled = True

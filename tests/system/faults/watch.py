"""A thread that reads every worker's page twice a second while a test does its worst."""

import threading
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from tests.system.faults.book import Book, campaigns_of
from tests.system.faults.fleet import Fleet, Member
from tests.system.faults.lookout import Lookout
from tests.system.support.naming import Series
from tests.system.support.scrape import Reader

EVERY = 0.5


class Watch(threading.Thread):
    """Rounds of scrapes: all workers at once, and none of the next round before this one is whole.

    Workers that the test has frozen are left out until they are woken; one that does not answer within five
    seconds is taken as showing nothing, and `slowest` tells how long the longest round was.
    """

    def __init__(self, fleet: Fleet, prefix: str, lookout: Lookout, revised: Collection[str] = ()) -> None:
        super().__init__(daemon=True)
        self.book = Book(revised)
        self.slowest = 0.0
        self.latest: dict[str, Series] = {}
        self._fleet, self._reader, self._lookout = fleet, Reader(prefix), lookout
        self._ending = threading.Event()
        self._failure: BaseException | None = None
        self._began = time.monotonic()

    def run(self) -> None:
        """Scrape until told to end."""
        try:
            with ThreadPoolExecutor(8) as pool:
                while not self._ending.is_set():
                    self._round(pool)
        except BaseException as failure:
            self._failure = failure

    def finish(self) -> Book:
        """End it and give what was noted."""
        self._ending.set()
        self.join(60)
        assert not self.is_alive(), "the scrapes did not end"
        if self._failure is not None:
            raise self._failure
        return self.book

    def abandon(self) -> None:
        """End it, whatever was noted."""
        self._ending.set()
        if self.is_alive():
            self.join(60)

    def check(self) -> None:
        """Fail where the scrapes have failed."""
        assert self._failure is None, f"the scrapes failed: {self._failure!r}"

    def _round(self, pool: ThreadPoolExecutor) -> None:
        began = time.monotonic()
        asked = self._lookout.now()
        pages = read(pool, self._fleet.awake(), self._reader)
        names = [member.name for member in self._fleet.members]
        self._lookout.hear(asked, {name: campaigns_of(pages.get(name, {})) for name in names})
        self.book.add(time.monotonic() - self._began, pages)
        self.latest = pages
        took = time.monotonic() - began
        self.slowest = max(self.slowest, took)
        self._ending.wait(max(0.0, EVERY - took))


def read(pool: ThreadPoolExecutor, members: list[Member], reader: Reader) -> dict[str, Series]:
    """Read the pages of several workers at the same time, by name; those that do not answer are left out."""
    answers = list(pool.map(lambda member: member.get("/metrics"), members))
    return {
        member.name: reader.read(answer.text)
        for member, answer in zip(members, answers, strict=True)
        if answer.status == 200
    }

"""Which worker shows which campaign: several looks a second where pages are short, and how late they come."""

import threading
import time
from collections.abc import Collection, Mapping

from tests.system.faults.fleet import Fleet, Member
from tests.system.faults.sightings import Sightings

EVERY = 0.15
BEAT = 0.05
INFO = '\nkpi_campaign_info{campaign="'


class Lookout:
    """Looks at workers' campaigns; `closely`: by a thread for each worker, so that none waits for another.

    Otherwise it hears of the pages that others read.

    Attributes:
        sightings: what was seen.

    """

    def __init__(self, fleet: Fleet, closely: bool) -> None:
        self.sightings = Sightings()
        self.closely = closely
        self._fleet = fleet
        self._began = time.monotonic()
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._stalls: list[tuple[float, float]] = []

    def now(self) -> float:
        """Return the seconds since it began, in which everything is noted."""
        return time.monotonic() - self._began

    def start(self) -> None:
        """Look at all workers that are there."""
        self._run(threading.Thread(target=self._beat, daemon=True))
        for member in self._fleet.members:
            self.watch(member)

    def watch(self, member: Member) -> None:
        """Look at a worker from now on."""
        if self.closely:
            self._run(threading.Thread(target=self._look, args=(member,), daemon=True))

    def hear(self, asked: float, pages: Mapping[str, Collection[str]]) -> None:
        """Note the campaigns on the pages of a round that somebody else asked for at this moment."""
        if not self.closely:
            self.sightings.add(asked, self.now(), pages)

    def end(self) -> None:
        """Look no more."""
        self._ending.set()
        for thread in self._threads:
            thread.join(10)
        self.sightings.close(self.now())

    def stall(self, began: float, ended: float) -> float:
        """Return by how much a look in this time may have come late: this process was not run for so long."""
        return max((late for moment, late in self._stalls if began <= moment <= ended), default=0.0)

    def _run(self, thread: threading.Thread) -> None:
        self._threads.append(thread)
        thread.start()

    def _look(self, member: Member) -> None:
        while not self._ending.is_set():
            asked = self.now()
            shown = self._campaigns(member)
            self.sightings.add(asked, self.now(), {member.name: shown})
            self._ending.wait(max(BEAT, EVERY - (self.now() - asked)))

    def _campaigns(self, member: Member) -> set[str]:
        if member.frozen or not member.running:
            return set()
        answer = member.get("/metrics")
        return campaigns_on(answer.text) if answer.status == 200 else set()

    def _beat(self) -> None:
        while not self._ending.is_set():
            began = self.now()
            time.sleep(BEAT)
            self._stalls.append((began, self.now() - began - BEAT))


def campaigns_on(page: str) -> set[str]:
    """Name the campaigns that a page shows, without reading the rest of it."""
    _, *pieces = page.split(INFO)
    return {piece.partition('"')[0] for piece in pieces}

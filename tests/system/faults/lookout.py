"""Which worker shows which campaign: several looks a second where pages are short, and how late they come."""

import threading
import time
from bisect import bisect_left
from collections.abc import Collection, Mapping
from pathlib import Path

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
        self._starved = Starved()

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

    def starved(self, began: float, ended: float) -> float:
        """Return for how long this process and the workers waited for a processor, added up."""
        return self._starved.between(began, ended)

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
            late = self.now() - began - BEAT
            waits = {pid: waited(pid) for pid in self._fleet.pids()}
            self._starved.add(self.now(), late, waits)


class Starved:
    """How long processes waited for a processor, from their running totals."""

    def __init__(self) -> None:
        self._moments: list[float] = []
        self._totals: list[float] = []
        self._last: dict[int, float] = {}

    def add(self, moment: float, late: float, waits: Mapping[int, float]) -> None:
        """Note by how much this came late, and each process's seconds of waiting since it began."""
        more = sum(max(0.0, total - self._last.get(pid, total)) for pid, total in waits.items())
        self._last = dict(waits)
        self._moments.append(moment)
        self._totals.append((self._totals[-1] if self._totals else 0.0) + late + more)

    def between(self, began: float, ended: float) -> float:
        """Return the seconds of waiting noted between two moments."""
        first, last = (bisect_left(self._moments, moment) for moment in (began, ended))
        if first >= len(self._totals):
            return 0.0
        return self._totals[min(last, len(self._totals) - 1)] - self._totals[first]


def waited(pid: int) -> float:
    """Return the seconds that a process's main thread has waited for a processor; 0 where nobody knows."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def campaigns_on(page: str) -> set[str]:
    """Name the campaigns that a page shows, without reading the rest of it."""
    _, *pieces = page.split(INFO)
    return {piece.partition('"')[0] for piece in pieces}

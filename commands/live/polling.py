"""Read the workers' pages again and again, each in its own thread: one that hangs holds up no other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue

from commands.live.memory import Answer
from commands.metrics_page import NoWorker, Sample, read_metrics, shown
from commands.printable import printable
from models.metrics.campaign_metrics import ABOUT, VERDICTS
from models.metrics.kpi_metrics import every_kpi_metric
from models.metrics.pipeline_metrics import CONSUMER_LAG, PARTITIONS

EVERY_SECONDS = 1.0
_PATIENCE = 5.0
_REST = 4
"""A page is read again after this many times what reading it took, to leave the worker time to work."""
_ALWAYS = frozenset(
    metric.name
    for metric in (
        *(found.metric for found in every_kpi_metric() if found.scope == "campaign"),
        *ABOUT,
        *VERDICTS,
        PARTITIONS,
        CONSUMER_LAG,
    )
)

Read = Callable[[str, Callable[[str], bool], float], list[Sample]]


def lines_of(campaign: str | None) -> Callable[[str], bool]:
    """Return which lines of a page are wanted: those of campaign scope, and all of one campaign."""
    label = f'campaign="{campaign}"'

    def wanted(line: str) -> bool:
        return line.partition("{")[0] in _ALWAYS or (campaign is not None and label in line)

    return wanted


def ask(address: str, campaign: str | None, read: Read = read_metrics) -> Answer:
    """Read a worker's page once."""
    try:
        samples = read(address, lines_of(campaign), _PATIENCE)
    except NoWorker as error:
        return Answer(address, time.time(), problem=printable(error.brief))
    return Answer(address, time.time(), shown(samples), whole=campaign)


class Polling:
    """The threads that read the workers' pages, and their answers."""

    def __init__(self, addresses: Sequence[str], read: Read = read_metrics) -> None:
        self._read = read
        self._campaign: str | None = None
        self._answers: SimpleQueue[Answer] = SimpleQueue()
        self._hurry = {address: threading.Event() for address in addresses}

    def start(self) -> None:
        """Start the threads; they end with the process."""
        for address in self._hurry:
            threading.Thread(target=self._repeat, args=(address,), daemon=True).start()

    def look_into(self, campaign: str | None) -> None:
        """Read every series of one campaign from now on, starting at once if it is a different one."""
        if campaign == self._campaign:
            return
        self._campaign = campaign
        for event in self._hurry.values():
            event.set()

    def answers(self) -> Iterator[Answer]:
        """Yield the answers that came since the last call."""
        while True:
            try:
                yield self._answers.get_nowait()
            except Empty:
                return

    def _repeat(self, address: str) -> None:
        while True:
            self._hurry[address].clear()
            began = time.monotonic()
            self._answers.put(ask(address, self._campaign, self._read))
            self._hurry[address].wait(max(EVERY_SECONDS, _REST * (time.monotonic() - began)))

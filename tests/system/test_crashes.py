"""A worker that is killed again and again counts every event once."""

import itertools
import random
import threading
import time

import pytest

from tests.system.support import scrape
from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.checking import disagreements, expected, microseconds_now, never_above
from tests.system.support.comparing import dips, disordered, report
from tests.system.support.kafka import Sender, read_back
from tests.system.support.ledger import fold
from tests.system.support.naming import Series
from tests.system.support.processes import Process, until
from tests.system.support.product import Deployment
from tests.system.support.traffic import Message, Mix, Traffic

EVENTS = 50_000
SECONDS = 40
PARTITIONS = 4
CRASHES = 4


class Flow(threading.Thread):
    """Producers at work: messages sent at an even rate while the test does other things."""

    def __init__(self, deployment: Deployment, messages: list[Message]) -> None:
        super().__init__(daemon=True)
        self._sender = Sender(deployment.servers.kafka, deployment.prefix)
        self._messages = messages
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            for second in range(SECONDS):
                self._sender.send(self._messages[second::SECONDS])
                time.sleep(0.9)
            self._sender.flush()
        except BaseException as failure:
            self.failure = failure

    def finish(self) -> None:
        self.join(120)
        assert not self.is_alive(), "the producers did not end"
        assert self.failure is None, self.failure


class Watched:
    """A worker whom the test kills, and whose page it reads whenever the worker is ready and has it all.

    A worker killed while it joins stays in the group until its session ends. Its successor may for so long
    be given only a part of the partitions, and then shows only that part (docs/limits.md).
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.scrapes: list[Series] = []
        self.process = deployment.start_worker()

    def look(self) -> float:
        """Read the page if the worker is ready; give the number of records it has dealt with."""
        assert self.process.exit_code is None, f"the worker ended by itself: {self.process.said()}"
        if self.deployment.get("/readyz").status != 200:
            return -1.0
        page = self.deployment.scrape()
        if page["kpi_pipeline_partitions", frozenset({("state", "live")})] < PARTITIONS:
            return -1.0
        self.scrapes.append(page)
        return scrape.total(page, "kpi_pipeline_events_total")

    def crash(self) -> None:
        self.process.kill()
        self.process = self.deployment.start_worker()


# A member killed while it joins holds partitions until its session ends. Meanwhile copies of an event on
# partitions of two workers are not told from one another (docs/limits.md): so it is one or the other.
@pytest.mark.parametrize(("duplicated", "while_recovering"), [(0.0, True), (0.05, False)])
def test_totals_are_exact_though_the_worker_is_killed_again_and_again(
    deployment: Deployment, duplicated: float, while_recovering: bool
) -> None:
    now = clock()
    deployment.settings["KPIS_ASSUME_CONSENT"] = "true"
    document = deployment.apply(all_campaigns(now))
    messages = Traffic(7, now, Mix(duplicated=duplicated, contested=0, garbage=0.02)).messages(EVENTS)
    watched = Watched(deployment)
    try:
        flow = Flow(deployment, messages)
        flow.start()
        _crash(watched, random.Random(11), while_recovering)
        flow.finish()
        records = read_back(deployment.servers.kafka, deployment.prefix)
        until(
            lambda: watched.look() >= len(records), 80, f"all {len(records)} records are applied", every=0.5
        )
        deployment.wait_applied(len(records), seconds=10)
        time.sleep(2)
        watched.look()
        ledger = fold(records, document, assume_consent=True)
        wrong = disagreements(deployment, ledger)
    finally:
        _end(watched.process)
    moment = microseconds_now()
    assert not wrong, report(wrong)
    assert not (higher := never_above(watched.scrapes, expected(ledger, moment, moment)[0], False)), report(
        higher
    )
    assert not (lower := _dips(watched.scrapes)), report(lower)
    assert not (outside := [found for page in watched.scrapes for found in disordered(page)]), report(outside)
    refused = {(record.topic, record.partition, record.offset, reason) for record, reason in ledger.refused}
    assert set(deployment.dead_letters()) == refused


def _crash(watched: Watched, chance: random.Random, while_recovering: bool) -> None:
    """Kill it four times while it counts, and if asked for once more while it recovers."""
    for number in range(CRASHES):
        enough = EVENTS * (number + chance.uniform(0.2, 0.8)) / (CRASHES + 1)
        until(lambda: watched.look() >= enough, 80, f"{enough:.0f} records are applied", every=0.2)  # noqa: B023
        watched.crash()
        if while_recovering and number == 1:
            time.sleep(chance.uniform(0.5, 4))
            watched.crash()


def _dips(scrapes: list[Series]) -> list[str]:
    return [dip for before, after in itertools.pairwise(scrapes) for dip in dips(before, after)]


def _end(process: Process) -> None:
    if process.exit_code is None:
        process.stop()

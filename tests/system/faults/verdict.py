"""Whether workers' pages together show what was sent: every series, and every dead letter."""

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.system.faults.fleet import Fleet
from tests.system.faults.watch import read
from tests.system.support.checking import expected, judged, microseconds_now, unfounded, union
from tests.system.support.comparing import Interval
from tests.system.support.fields import POLARITIES
from tests.system.support.ledger import Ledger, edgy
from tests.system.support.naming import Key, Series
from tests.system.support.processes import until
from tests.system.support.scrape import Reader
from tests.system.support.traffic import Mix

Letter = tuple[str, int, int, str]
TRIES = 6
"""Comparisons, a second or two apart: gauges may be as old as the freshness that is promised."""
SOON = 15_000_000
"""Microseconds that a comparison may take."""
SUSPECTED = {"burst", "clockwork", "copied_text", "lockstep"}
"""The reasons of which the traffic of every trial has some."""


@dataclass(frozen=True)
class Verdict:
    """What is wrong, what was shown, and what should have been."""

    wrong: list[str]
    shown: Series
    wanted: dict[Key, Interval]


def is_hard(ledger: Ledger, mix: Mix) -> list[str]:
    """Say what the traffic of a trial lacked: a trial without it would prove little.

    Long texts come with ratings of their own, so that they need not be plain.
    """
    found = {outcome for _, outcome in ledger.outcomes}
    lacking = {"counted", "duplicate", "refused", "invalid_traffic"} - found
    if not ledger.repeated_reports():
        lacking.add("an order that was reported twice")
    if not any(order.reports and order.cancellations for order in ledger.orders.values()):
        lacking.add("an order that was cancelled")
    lacking |= {f"suspicious as a {rule}" for rule in SUSPECTED - {event.reason for event in ledger.events}}
    read = {event.sentiment for event in ledger.events if event.read}
    if not mix.longest_text and not {*POLARITIES} <= read:
        lacking.add("a text of each polarity")
    return [f"the traffic had nothing that is {what}" for what in sorted(lacking)]


def revises(ledger: Ledger) -> list[str]:
    """Say what the running totals of a trial lacked: some must fall, come too late, or say the same again."""
    found = {
        "a total that fell": any(ledger.taken.values()),
        "a total older than the last one": any(outcome == "stale" for _, outcome in ledger.outcomes),
        "a total that was repeated": any(event.count == 0 for event in ledger.events),
    }
    return [f"the traffic had nothing that is {what}" for what, there in found.items() if not there]


def compare(fleet: Fleet, prefix: str, ledger: Ledger) -> Verdict:
    """Compare every series of all pages with the oracle, a few times if need be; give the last verdict."""

    def clear() -> bool:
        now = microseconds_now()
        return not edgy(ledger, now, now + SOON)

    until(clear, 100, "no event is at the edge of a window", every=1)
    reader = Reader(prefix)
    verdict = _compare_once(fleet, reader, ledger)
    for _ in range(TRIES - 1):
        if not verdict.wrong:
            break
        time.sleep(1)  # not for something to hold: the verdict itself takes longer than that
        verdict = _compare_once(fleet, reader, ledger)
    return verdict


def _compare_once(fleet: Fleet, reader: Reader, ledger: Ledger) -> Verdict:
    begin = microseconds_now()
    with ThreadPoolExecutor(8) as pool:
        shown, twice = union(read(pool, fleet.awake(), reader).values())
    wanted, truth = expected(ledger, begin, microseconds_now())
    wrong = twice + judged(shown, wanted, truth) + unfounded(shown, ledger, truth)
    return Verdict(wrong, shown, wanted)


def dead_letters(found: Iterable[Letter], ledger: Ledger) -> tuple[list[str], str]:
    """Compare dead letters with what the oracle refused; a crash may send one again, never a wrong one."""
    letters = Counter(found)
    refused = {(record.topic, record.partition, record.offset, reason) for record, reason in ledger.refused}
    wrong = [f"no dead letter of {missing}" for missing in sorted(refused - letters.keys())]
    wrong += [f"a dead letter of {more}, which is no refusal" for more in sorted(letters.keys() - refused)]
    return wrong, f"{len(letters)} + {letters.total() - len(letters)}"

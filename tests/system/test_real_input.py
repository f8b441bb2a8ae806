"""Input from producers that no one here wrote, compared with an independent recomputation of every series."""

import itertools
import time

import pytest

from tests.system.support import scrape
from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.checking import disagreements
from tests.system.support.comparing import report
from tests.system.support.kafka import Sender, fits_kcat, read_back, send_with_kcat
from tests.system.support.ledger import Ledger, fold
from tests.system.support.oracle import EXACT_TO
from tests.system.support.product import Deployment
from tests.system.support.traffic import Message, Traffic

RECORDS = 150_000
PARTS = 4
PATIENCE = 240


@pytest.mark.parametrize("killed", [False, True], ids=["left alone", "killed meanwhile"])
def test_every_series_equals_an_independent_recomputation(deployment: Deployment, killed: bool) -> None:
    document = deployment.apply(all_campaigns(clock()))
    with deployment.worker():
        messages = Traffic(20_261_123, clock()).messages(RECORDS)
        for part in range(PARTS):
            _send(deployment, messages[part::PARTS])
            if killed:
                deployment.restart_killed()
        records = read_back(deployment.servers.kafka, deployment.prefix)
        ledger = fold(records, document)
        _is_a_hard_case(ledger, len(records))
        deployment.wait_applied(len(records), seconds=PATIENCE)
        time.sleep(2)  # gauges may be as old as the freshness that is promised
        wrong = disagreements(deployment, ledger)
        shown = deployment.scrape()
    assert not wrong, report(wrong)
    assert scrape.total(shown, "kpi_pipeline_events_total") == len(records)
    letters = sorted(deployment.dead_letters())
    assert (sorted(set(letters)) if killed else letters) == sorted(_refused(ledger))


def _send(deployment: Deployment, messages: list[Message]) -> None:
    half = len(messages) // 2
    by_kcat = [message for message in messages[:half] if fits_kcat(message)]
    sender = Sender(deployment.servers.kafka, deployment.prefix)
    sender.send(message for message in messages[:half] if not fits_kcat(message))
    sender.send(messages[half:])
    send_with_kcat(deployment.servers.kafka, deployment.prefix, by_kcat)
    sender.flush()


def _is_a_hard_case(ledger: Ledger, records: int) -> None:
    assert records == RECORDS
    assert {outcome for _, outcome in ledger.outcomes} == {
        "counted",
        "duplicate",
        "refused",
        "invalid_traffic",
        "stale",
    }
    assert +ledger.taken
    assert len({reason for _, reason in ledger.refusals}) == 11
    assert len({record.partition for record, _ in ledger.refused}) == 4
    assert ledger.repeated_reports() > 0
    found = {(bool(o.reports), bool(o.cancellations), bool(o.refunds)) for o in ledger.orders.values()}
    assert found >= set(itertools.product([True], [True, False], [True, False]))
    assert found >= {(False, True, False), (False, False, True)}
    persons = {event.person for event in ledger.counted["crowd"] if event.type == "impression"}
    assert len(persons) > 1.5 * EXACT_TO


def _refused(ledger: Ledger) -> list[tuple[str, int, int, str]]:
    return [(record.topic, record.partition, record.offset, reason) for record, reason in ledger.refused]

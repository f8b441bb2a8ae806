"""What people say, and whether they are people: every series, after a kill and after a rebuild."""

import time

from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.checking import disagreements
from tests.system.support.comparing import report
from tests.system.support.kafka import Sender, read_back
from tests.system.support.ledger import Ledger, fold
from tests.system.support.processes import until
from tests.system.support.product import Deployment
from tests.system.support.rules import DEFAULTS
from tests.system.support.traffic import Message, Mix, Traffic

MIX = Mix(
    topics={"impressions": 20, "clicks": 15, "engagements": 60, "conversions": 5}, said=0.6, forged=0.03
)
NUMBER = 8000
PARTITIONS = range(4)
DURABLE = "kpi_pipeline_durable_timestamp_seconds"


def test_sentiment_and_authenticity_equal_a_recomputation_after_a_kill_and_after_a_rebuild(
    deployment: Deployment,
) -> None:
    document, messages = deployment.apply(all_campaigns(clock())), Traffic(7, clock(), MIX).messages(NUMBER)
    sender = Sender(deployment.servers.kafka, deployment.prefix, PARTITIONS)
    with deployment.worker():
        _send(sender, messages[: NUMBER // 2])
        deployment.wait_applied(NUMBER // 2, 60)
        _wait_stored(deployment, time.time())
        _send(sender, messages[NUMBER // 2 :])
        deployment.restart_killed()
        ledger = fold(read_back(deployment.servers.kafka, deployment.prefix), document)
        _has_something_of_each_kind(ledger)
        _is_right(deployment, ledger)
        deployment.rebuild(1)
        _is_right(deployment, ledger)


def _send(sender: Sender, messages: list[Message]) -> None:
    sender.send(messages)
    sender.flush()


def _wait_stored(deployment: Deployment, moment: float) -> None:
    """Wait until all that was applied at a moment would survive a kill."""

    def stored() -> bool:
        shown = deployment.scrape()
        return all(value > moment for (name, _), value in shown.items() if name == DURABLE)

    until(stored, 60, "what is applied is stored")


def _is_right(deployment: Deployment, ledger: Ledger) -> None:
    deployment.wait_applied(NUMBER, 60)
    time.sleep(2)  # gauges may be as old as the freshness that is promised
    wrong = disagreements(deployment, ledger)
    assert not wrong, report(wrong)


def _has_something_of_each_kind(ledger: Ledger) -> None:
    reasons = {(event.campaign, event.reason) for event in ledger.events}
    noted = {(event.campaign, event.noted) for event in ledger.events}

    assert reasons >= {("forged", reason) for reason in ("burst", "clockwork", "copied_text", "lockstep")}
    assert reasons >= {("forged-otherwise", reason) for reason in DEFAULTS.keys() - {"burst", "generic"}}
    assert noted >= {("forged", "pod"), ("forged", "generic"), ("forged-otherwise", "burst")}
    assert {event.judged for event in ledger.events if event.type != "impression"} == {True, False}
    rated = {event.sentiment for event in ledger.events if event.read}
    assert rated == {"positive", "neutral", "negative", None}

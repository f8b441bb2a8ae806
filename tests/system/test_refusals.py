"""Hostile bytes beside good events: refused for their reason, kept as they came, in no good event's way."""

import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.system.support import scrape
from tests.system.support.campaigns import all_campaigns, clock
from tests.system.support.judging import Record
from tests.system.support.kafka import Sender, read_back
from tests.system.support.naming import Series
from tests.system.support.product import Deployment, origin
from tests.system.support.spoiling import Fields, Spoiling, encode, ways
from tests.system.support.traffic import Mix, Traffic

HEADERS: list[tuple[str, bytes | None]] = [
    ("trace", b"\x00\xff"),
    ("trace", b"again"),
    ("none", None),
    ("empty", b""),
]
PERSON = "person-whom-no-log-may-name"
PRIVATE = (PERSON, "words-of-a-person", "p" * 20, "4915112345678")
UNREADABLE = ("too_large", "not_json", "not_an_object")
"""Reasons of what no field was read from, so that none can be named."""
NOT_LATE = Mix(ages=((0, 60, 1),))


@dataclass(frozen=True)
class Bad:
    """One spoiled record as it was sent; its key tells it apart."""

    way: Spoiling
    topic: str
    key: bytes
    value: bytes | None


@dataclass(frozen=True)
class Outcome:
    """What became of a run: what was sent, the dead letters by key, and the worker's numbers."""

    prefix: str
    bad: list[Bad]
    odd: set[bytes]
    good: Counter[str]
    sent: dict[bytes | None, Record]
    letters: dict[bytes | None, list[Record]]
    shown: Series


def odd_values(event: Fields) -> list[bytes]:
    """Make values of which the contract leaves open whether they are events; none may stop the stream."""
    plain = encode(event)
    return [
        plain[:-1] + b', "note": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        plain[:-1] + b', "note": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        plain[:-1] + b', "note": "\\ud800"}',
        plain[:-1] + b', "note": ' + b"9" * 5000 + b"}",
        plain[:-1] + b', "note": 1e999}',
        plain[:-1] + b', "type": "impression"}',
        b"\xef\xbb\xbf" + plain,
        encode({**event, "event_id": "\x00"}),
        encode({**event, "count": 1.0}),
        b"[" * 60_000,
        b'{"a":' * 12_000,
    ]


@pytest.fixture
def outcome(deployment: Deployment) -> Outcome:
    """Send every spoiled record with a good one after it, and wait for the worker."""
    now = clock()
    deployment.apply(all_campaigns(now))
    traffic = Traffic(5, now, NOT_LATE)
    sender = Sender(deployment.servers.kafka, deployment.prefix)
    bad, good, odd = list[Bad](), Counter[str](), set[bytes]()
    for way in ways(now):
        for topic in way.topics:
            private = {"person_id": PERSON, "consent": True, "text": "words-of-a-person"}
            value = way.spoil(traffic.event(topic, "spring") | private)
            bad.append(Bad(way, topic, b"bad-%d" % len(bad), value))
            sender.put(topic, value, bad[-1].key, HEADERS)
            sender.put(topic, encode(traffic.event(topic, "launch-us")))
            good[topic] += 1
    for value in odd_values(traffic.event("impressions", "no-costs")):
        odd.add(b"odd-%d" % len(odd))
        sender.put("impressions", value, b"odd-%d" % (len(odd) - 1))
    sender.flush()
    with deployment.worker():
        deployment.wait_applied(len(bad) + good.total() + len(odd), seconds=30)
        time.sleep(1)
        shown = deployment.scrape()
    sent = {record.key: record for record in read_back(deployment.servers.kafka, deployment.prefix)}
    letters: dict[bytes | None, list[Record]] = {}
    for letter in read_back(deployment.servers.kafka, deployment.prefix, ["dead-letters"]):
        letters.setdefault(letter.key, []).append(letter)
    return Outcome(deployment.prefix, bad, odd, good, sent, letters, shown)


def test_hostile_records_become_dead_letters_and_good_ones_count(outcome: Outcome) -> None:
    wrong = [
        f"{bad.way.name} on {bad.topic}: {what}" for bad in outcome.bad for what in _faults(bad, outcome)
    ]
    assert not wrong, "\n".join(wrong)
    _reasons_are_counted(outcome)
    _good_ones_count(outcome)


def _faults(bad: Bad, outcome: Outcome) -> list[str]:
    letters = outcome.letters.get(bad.key, [])
    if len(letters) != 1:
        return [f"{len(letters)} dead letters"]
    letter, headers = letters[0], dict(letters[0].headers)
    message = (headers.get("__connect.errors.exception.message") or b"").decode()
    source, record = origin(headers), outcome.sent[bad.key]
    own = [pair for pair in letter.headers if not pair[0].startswith("__connect.errors.")]
    checks = {
        f"reason {source[3]}, not {'/'.join(bad.way.reasons)}": source[3] in bad.way.reasons,
        f"said to be from {source[:3]}": source[:3]
        == (outcome.prefix + bad.topic, record.partition, record.offset),
        f"another value: {letter.value!r:.80}": letter.value == bad.value,
        f"other headers: {own}": own == HEADERS,
        f"no word of {bad.way.field} in: {message}": bool(message)
        and (source[3] in UNREADABLE or bad.way.field in message),
        f"a person's own words in: {message}": not any(words in message for words in PRIVATE),
    }
    return [fault for fault, fine in checks.items() if not fine]


def _reasons_are_counted(outcome: Outcome) -> None:
    found: Counter[tuple[str, str]] = Counter()
    for letter in (letter for letters in outcome.letters.values() for letter in letters):
        topic, _, _, reason = origin(dict(letter.headers))
        found[topic.removeprefix(outcome.prefix), reason] += 1
    counted = {
        (labels["topic"], labels["reason"]): value
        for (family, pairs), value in outcome.shown.items()
        if family == "kpi_pipeline_dead_letters_total" and value
        for labels in [dict(pairs)]
    }
    assert counted == dict(found)
    assert len({reason for _, reason in found}) == 11


def _good_ones_count(outcome: Outcome) -> None:
    refused_odd = len(outcome.odd & outcome.letters.keys())
    for topic, number in outcome.good.items():
        odd = len(outcome.odd) - refused_odd if topic == "impressions" else 0
        # Copies of one odd event are duplicates of each other.
        counted = scrape.total(outcome.shown, "kpi_pipeline_events_total", topic=topic, outcome="counted")
        dropped = scrape.total(outcome.shown, "kpi_pipeline_events_total", topic=topic, outcome="duplicate")
        assert counted + dropped == number + odd, topic
    for family, topic in (
        ("impressions", "impressions"),
        ("clicks", "clicks"),
        ("conversions", "conversions"),
    ):
        name = f"kpi_campaign_lifetime_{family}_total"
        assert scrape.total(outcome.shown, name, campaign="launch-us") == outcome.good[topic], name
        assert scrape.total(outcome.shown, name, campaign="spring") == 0, name
    assert len(outcome.letters) == len(outcome.bad) + refused_odd

"""What people write, who they are and with what they come is nowhere but in the events themselves.

Marks are put into every personal field, in events that come in every way: counted, refused for each reason,
with fields that do not fit, sent on to another partition, over HTTP. Then all that the service shows, stores
or says is searched for them.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.system.support import disclosed, scrape
from tests.system.support.collecting import Collector, collector
from tests.system.support.judging import TYPES, Record
from tests.system.support.kafka import Sender, read_back
from tests.system.support.naming import Series
from tests.system.support.personal import CAMPAIGN, FIELDS, MISPLACED, OF_A_VISIT, Marks, records
from tests.system.support.processes import until
from tests.system.support.product import Deployment, Servers, origin

RETENTION = timedelta(days=60)
NAME = "t-privacy"
DEAD_LETTERS, STATE = f"{NAME}.dead-letters", f"{NAME}-tallies-changelog"
RAW = {*(f"{NAME}.{topic}" for topic in TYPES), DEAD_LETTERS, f"{NAME}-forwarded"}
"""The topics that hold events as they came, as docs/privacy.md says."""
REASONS = {
    "too_large", "not_json", "not_an_object", "wrong_type", "missing_field", "invalid_field", "future",
    "unknown_campaign", "unknown_influencer", "outside_flight", "unknown_currency",
}  # fmt: skip
PLACES = (
    "the worker's pages",
    "the pages of a worker that has restored its state",
    "the collector's pages",
    "the collector's answers",
    "the collector's disk",
    "Redis",
    "journals",
    "snapshots",
    "our headers of dead letters",
    "other topics of ours",
    "what commands print",
    "logs",
)
SHOWN = {("what commands print", field) for field in ("language", "sentiment", "email", MISPLACED)}
"""What `kpis dead-letters show` prints of an event: all but its personal fields, which have names."""


@dataclass(frozen=True)
class Played:
    """The marks, what Kafka was sent, what the worker showed, and all that was found in the end."""

    marks: Marks
    sent: bytes
    shown: Series
    places: Mapping[str, bytes]
    topics: Mapping[str, list[Record]]
    retention: Mapping[str, timedelta]


def glow() -> dict[str, Any]:
    """Declare a campaign that lists its influencers."""
    now = datetime.now(UTC)
    starts, ends = ((now + timedelta(days=days)).isoformat() for days in (-20, 20))
    campaign = {"id": CAMPAIGN, "name": "Glow", "currency": "EUR", "influencers": ["ana"]}
    return {"campaigns": [campaign | {"starts": starts, "ends": ends, "emv_card": "default"}]}


@pytest.fixture(scope="module")
def played(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Send all that is marked, stop the worker, start one that writes snapshots, and look everywhere."""
    deployment, marks = Deployment(servers, NAME, tmp_path_factory.mktemp("privacy")), Marks()
    deployment.apply(glow())
    places: dict[str, bytes] = {}
    with collector(deployment) as asked:
        with deployment.worker():
            sent = _send(deployment, marks)
            _collect(asked, marks)
            deployment.wait_applied(len(read_back(servers.kafka, deployment.prefix)), 60)
            shown = deployment.scrape()
            places["the worker's pages"] = disclosed.workers_pages(deployment, CAMPAIGN)
        places["journals"] = disclosed.written(disclosed.topics_of(deployment)[STATE])
        deployment.settings["KPIS_SNAPSHOT_BYTES"] = "1"
        with deployment.worker():
            until(lambda: b"snapshot" in _state(deployment), 30, "a snapshot is written")
            places["the pages of a worker that has restored its state"] = disclosed.workers_pages(
                deployment, CAMPAIGN
            )
            places |= _printed(deployment)
        places["the collector's pages"] = disclosed.collectors_pages(asked.address)
    places["the collector's answers"] = b"\n".join(asked.answers)
    places["the collector's disk"] = disclosed.files_in(asked.data, "**/*")
    topics = disclosed.topics_of(deployment)
    places |= _stored(deployment, topics)
    retention = {name: disclosed.retention_of(servers.kafka, name) for name in topics}
    return Played(marks, sent, shown, places, topics, retention)


def _send(deployment: Deployment, marks: Marks) -> bytes:
    """Send each record to some partition, by its key, so that most are sent on to their campaign's."""
    sender = Sender(deployment.servers.kafka, deployment.prefix)
    sent = list(records(marks))
    for record in sent:
        sender.put(record.topic, record.value, record.key, [("x-user", record.header)])
    sender.flush()
    return b"\n".join(part for record in sent for part in (record.key, record.value, record.header))


def _collect(asked: Collector, marks: Marks) -> None:
    """Send to every endpoint what is marked, in every way that an event comes."""
    of_visits = {name: marks.new(name, "a request") for name in OF_A_VISIT[1:]}
    with_key = {"Authorization": f"Bearer {asked.key}", **of_visits}
    codes = [asked.ask("POST", "/v1/events", with_key, record.value) for record in records(marks)]
    assert {200, 400} <= set(codes)
    visitor = {"User-Agent": f"Mozilla/5.0 {marks.new('user_agent', 'a visit')}", **of_visits}
    event = f"c={CAMPAIGN}&i=ana&k=reel-1&ch=instagram&type=engagement&kind=comment&consent=true"
    said = f"text={marks.new('text', 'a pixel')}&email={marks.new('email', 'a pixel')}"
    person = marks.new("visitor", "a pixel")
    assert asked.ask("GET", f"/i.gif?{event}&{said}&person_id={person}", visitor) == 200
    for wrong in (
        f"person_id={200 * 'x'}{person}",
        f"person_id={person}&event_time={person}",
        f"count={person}",
    ):
        asked.ask("GET", f"/i.gif?{event}&{said}&{wrong}", visitor)
    asked.ask("GET", f"/c/{person}?email={person}", visitor)
    asked.ask("GET", f"/postback?c={CAMPAIGN}&person_id={person}&token={person}&email={person}", visitor)
    order = json.dumps({"id": 1, "email": person, "customer": {"email": person}, "note": person}).encode()
    asked.ask("POST", "/hooks/shopify/boutique", {**visitor, "X-Shopify-Hmac-Sha256": person}, order)
    asked.ask("POST", "/v1/batch", with_key, _segment(person))
    asked.ask("POST", "/v1/batch", {**visitor, "Authorization": f"Bearer {person}"}, _segment(person))
    asked.ask("POST", f"/{quote(person)}", visitor, order[:-1])


def _segment(person: str) -> bytes:
    """Write a batch of Segment's with a person in every field that it has for one, and in wrong ones."""
    usual = {
        "type": "track", "messageId": "m-1", "userId": person, "anonymousId": person,
        "context": {"ip": person, "userAgent": person, "traits": {"email": person}, "page": {"url": person}},
    }  # fmt: skip
    wrong = {**usual, "messageId": person * 9, "timestamp": person, "event": person, "type": person}
    return json.dumps({"batch": [usual, wrong, [person], person], "sentAt": person}).encode()


def _state(deployment: Deployment) -> bytes:
    return disclosed.written(disclosed.topics_of(deployment)[STATE])


def _printed(deployment: Deployment) -> dict[str, bytes]:
    """Run the commands that look at events, or at what was made of them."""
    letters = read_back(deployment.servers.kafka, deployment.prefix, ["dead-letters"])
    path = deployment.directory / "refused.ndjson"
    path.write_bytes(b"\n".join(letter.value or b"" for letter in letters))
    asked = (
        ("dead-letters", "list"), ("dead-letters", "list", "--json"), ("dead-letters", "show"),
        ("dead-letters", "reinject", "--dry-run"), ("validate", str(path)), ("check",), ("topics", "list"),
        ("show", "--once"), ("show", "--json"), ("campaigns", "list"), ("campaigns", "show", CAMPAIGN),
    )  # fmt: skip
    done = [deployment.run(*one) for one in asked]
    assert all(one.stdout for one in done), [(one.args, one.stderr) for one in done if not one.stdout]
    return {"what commands print": "\n".join(one.stdout + one.stderr for one in done).encode()}


def _stored(deployment: Deployment, topics: Mapping[str, list[Record]]) -> dict[str, bytes]:
    others = [record for name, found in topics.items() if name not in {*RAW, STATE} for record in found]
    return {
        "snapshots": disclosed.written(topics[STATE]),
        "our headers of dead letters": disclosed.headers_of(topics[DEAD_LETTERS], "__connect."),
        "other topics of ours": disclosed.written(others),
        "Redis": disclosed.stored_in_redis(deployment.servers.redis_url),
        "logs": disclosed.files_in(deployment.directory, "*.err", "*.out"),
    }


@pytest.mark.parametrize(
    ("place", "field"),
    [one for one in itertools.product(PLACES, (*FIELDS, *OF_A_VISIT)) if one not in SHOWN],
)
def test_no_personal_value_is_shown_stored_or_said(played: Played, place: str, field: str) -> None:
    assert not played.marks.found(played.places[place], field)


def test_events_came_in_every_way_and_are_found_where_they_are_kept(played: Played) -> None:
    kept = b"\n".join(disclosed.written(played.topics[f"{NAME}.{topic}"]) for topic in TYPES)
    letters = played.topics[DEAD_LETTERS]

    assert played.marks.found(played.sent) <= played.marks.found(kept)
    assert {field for field, _ in played.marks.found(played.sent)} == set(FIELDS)
    assert {origin(dict(letter.headers))[3] for letter in letters} == REASONS
    assert played.marks.found(disclosed.written(letters)) <= played.marks.found(kept)
    outcomes = ("counted", "refused", "invalid_traffic")
    assert all(scrape.total(played.shown, "kpi_pipeline_events_total", outcome=one) for one in outcomes)
    assert scrape.total(played.shown, "kpi_pipeline_ignored_fields_total")
    assert scrape.total(played.shown, "kpi_pipeline_forwarded_events_total")


def test_events_are_whole_on_the_topics_that_the_privacy_page_names_alone_and_leave_them(
    played: Played,
) -> None:
    holding = {name for name, found in played.topics.items() if played.marks.found(disclosed.written(found))}

    assert holding == RAW
    assert {played.retention[name] for name in RAW} == {RETENTION}


@pytest.mark.parametrize("field", OF_A_VISIT)
def test_who_visits_is_on_no_topic(played: Played, field: str) -> None:
    holding = {
        name: [record for record in found if played.marks.found(disclosed.written([record]), field)]
        for name, found in played.topics.items()
        if name.startswith(f"{NAME}.")
    }

    assert not {name: records for name, records in holding.items() if records}

"""Each cause that keeps a worker out of its group has a sentence of its own, which says what to do."""

import re
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaError, NodeNotReadyError, RequestTimedOutError

from connections import group_checks
from connections.admin import Member, is_among
from connections.group_checks import missing_rights, refusal, strangers_among
from connections.group_requests import PROTOCOL, READ, WRITE, TopicRights, allowed_by
from connections.topics import all_topics, input_topics
from models.settings import Settings

SETTINGS = Settings()
ALL = TopicRights(0, frozenset({READ, WRITE}))


def rights(**others: TopicRights) -> dict[str, TopicRights]:
    return dict.fromkeys(all_topics(SETTINGS), ALL) | {
        name.replace("_", "-"): right for name, right in others.items()
    }


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            23,
            r"The consumer group g .* is no worker of this release \(x at 10.0.0.7\): stop it",
        ),
        (81, "The consumer group g is full: .*group.max.size"),
        (26, r"no session of 10 s: .*group.min.session.timeout.ms"),
        (30, r"No right to read the consumer group g: .*--operation Read --group g"),
        (15, "no coordinator for the consumer group g: .*__consumer_offsets.*replication.factor"),
        (14, "still loading the consumer group g"),
        (24, r"refuses to let a worker join the consumer group g \(InvalidGroupIdError, 24\)"),
    ],
)
def test_a_refused_join_is_put_in_words(code: int, words: str) -> None:
    said = refusal(code, "g", 10.0, " (x at 10.0.0.7)")

    assert re.search(words, said), said


def test_where_a_worker_may_join_nothing_is_said() -> None:
    assert refusal(0, "g", 10.0, "") == ""
    assert missing_rights(SETTINGS, rights()) == ""


def test_rights_are_named_with_the_topics_that_they_are_missing_on() -> None:
    clicks, letters = TopicRights(29, frozenset()), TopicRights(0, frozenset({READ}))

    said = missing_rights(SETTINGS, rights(clicks=clicks, dead_letters=letters))

    assert said.startswith("No right to read clicks and to write dead-letters: give the worker's user")


def test_a_broker_that_does_not_tell_rights_keeps_nobody_out_but_from_topics_that_it_refuses() -> None:
    untold = -(1 << 31)

    assert {READ, WRITE} <= allowed_by(untold, 0)
    assert allowed_by(untold, 29) == frozenset()
    assert allowed_by(1 << READ | 1 << WRITE, 0) == {READ, WRITE}


def test_no_more_is_asked_for_than_a_worker_does() -> None:
    reading = dict.fromkeys(input_topics(SETTINGS), TopicRights(0, frozenset({READ})))

    assert missing_rights(SETTINGS, rights() | reading) == ""


def test_a_topic_that_is_not_there_is_no_matter_of_rights() -> None:
    assert missing_rights(SETTINGS, rights(clicks=TopicRights(3, frozenset()))) == ""


def test_strangers_are_named_by_client_and_host_and_workers_are_none() -> None:
    members = [
        Member(f"{n}", *told)
        for n, told in enumerate([("rdkafka", "/10.0.0.7"), *[("kcat", "/10.0.0.8")] * 2])
    ]

    assert strangers_among(members, "range") == " (kcat at 10.0.0.8, rdkafka at 10.0.0.7)"
    assert strangers_among(members, PROTOCOL) == ""
    assert strangers_among([], "") == ""
    many = [Member("", f"c{n}", "/h") for n in range(9)]
    assert strangers_among(many, "range") == " (c0 at h, c1 at h, c2 at h, …)"


@pytest.mark.parametrize("error", [RequestTimedOutError, NodeNotReadyError])
async def test_a_broker_that_does_not_answer_in_time_has_refused_nothing(
    error: type[KafkaError], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(*_: object) -> int:
        raise error

    monkeypatch.setattr(group_checks, "try_to_join", ask)
    with pytest.raises(error):
        await group_checks._join_code(SimpleNamespace(), "g", 10_000)


def test_a_member_of_a_name_is_known_by_its_id_whatever_the_broker_makes_its_random_part_of() -> None:
    new, old = "3fM_xS-kQ7CkDEZYkYw6bg", "0d0bb0a1-4a3e-4f6c-9d57-1a9b9e6f1c11"
    members = [Member(f"ana-{new}", "", ""), Member(f"faust-1-{old}", "", "")]
    assert is_among(members, "ana")
    assert is_among([Member(f"ana-{old}", "", "")], "ana")
    assert not is_among(members, "an")
    assert not is_among(members, "ana-")
    assert not is_among([], "ana")

"""The assignor: what members claim, what the leader gives them, and what they take of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from faust.types import TP

from streams.kafka.assignor import Assignor, NoTopics
from streams.kafka.shares import Holding

TOPICS = ["clicks", "log"]


def member(*held: int, shows: bool = True, asked: list[object] | None = None) -> Assignor:
    """Return the assignor of a worker that holds some numbers; `asked` notes when it asks for topics."""
    asked = [] if asked is None else asked
    listener = SimpleNamespace(holding=lambda *, member: Holding(held, shows and member))
    consumer = SimpleNamespace(is_member=True, ask_for_topics=lambda: asked.append(held))
    app: Any = SimpleNamespace(tables=None, tracer=None, listener=listener, consumer=consumer)
    app.sensors = SimpleNamespace(
        on_assignment_start=lambda *_: None,
        on_assignment_completed=lambda *_: None,
        on_assignment_error=lambda *_: None,
    )
    return Assignor(app)


def shared(members: dict[str, Assignor], **counts: int) -> dict[str, ConsumerProtocolMemberAssignment]:
    """Let one of them share the partitions of topics, and tell all."""
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(counts.get(topic, 0))))
    metadata = {name: one.metadata(set(TOPICS)) for name, one in members.items()}
    given = members[min(members)].assign(cluster, metadata)
    for name, one in members.items():
        one.on_assignment(ConsumerProtocolMemberAssignment.decode(given[name].encode()))
    return dict(given)


def test_all_topics_of_a_number_go_together_and_what_moves_goes_to_nobody_first() -> None:
    members = {"ana": member(0, 1, 2, 3), "ben": member()}
    given = shared(members, clicks=4, log=4)

    assert given["ana"].assignment == [("clicks", [0, 1]), ("log", [0, 1])]
    assert given["ben"].assignment == [("clicks", []), ("log", [])]
    assert members["ana"].assigned_actives() == {TP(topic, number) for topic in TOPICS for number in (0, 1)}
    assert (members["ana"].again, members["ben"].again) == (True, True)

    shared({"ana": member(0, 1), "ben": (ben := member())}, clicks=4, log=4)
    assert ben.assigned_actives() == {TP(topic, number) for topic in TOPICS for number in (2, 3)}
    assert (ben.again, ben.assigned_standbys()) == (False, set())


def test_partitions_that_were_added_and_topics_that_are_missing_are_left_out() -> None:
    assert shared({"ana": member()}, clicks=6, log=2)["ana"].assignment == [
        ("clicks", [0, 1]),
        ("log", [0, 1]),
    ]
    assert shared({"ana": member()}, clicks=2)["ana"].assignment == [("clicks", [0, 1])]


def test_where_the_broker_tells_of_no_topic_nothing_is_shared_and_it_is_asked_again() -> None:
    asked: list[object] = []
    with pytest.raises(NoTopics):
        shared({"ana": member(0, 1, asked=asked), "ben": member()})
    assert len(asked) == 1

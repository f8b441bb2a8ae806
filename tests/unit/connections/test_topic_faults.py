"""Each setting of a topic that loses or refuses something is named, with the value that mends it."""

from random import Random

import pytest

from connections.topic_checks import TopicsUnfit, require_right, require_usable
from connections.topic_faults import LARGEST_DEAD_LETTER, LARGEST_RECORD, NEEDED_BYTES, Topic, faults_of
from connections.topics import all_topics, input_topics
from models.settings import Settings
from streams.journal.records import PART_BYTES, encode_parts
from streams.kafka.raw_records import Record
from streams.shard.bundles import encode_bundle
from tests.unit.models.building import NOON
from tests.unit.streams.shard.sections import cut

SETTINGS = Settings(topic_prefix="team.", group="team", kafka="kafka:9092")
STATE = "team-tallies-changelog"
FORWARDED = "team-forwarded"
LETTERS = "team.dead-letters"
SENT_AGAIN = "team.dead-letters-reinjected"
CLICKS = "team.clicks"
DAY = 86_400_000
USUAL = {
    "message.timestamp.type": "CreateTime",
    "retention.ms": str(60 * DAY),
    "retention.bytes": "-1",
    "cleanup.policy": "delete",
    "max.message.bytes": "1048588",
    "min.insync.replicas": "2",
}


def topics(changed: str = "", replicas: int = 3, config: dict[str, str] | None = None) -> list[Topic]:
    """Return all topics as they must be, with some settings of one changed."""
    own = {
        **{name: {"message.timestamp.type": "LogAppendTime"} for name in input_topics(SETTINGS)},
        STATE: {"retention.ms": "-1", "max.message.bytes": str(LARGEST_RECORD)},
        FORWARDED: {"max.message.bytes": str(LARGEST_DEAD_LETTER)},
        LETTERS: {"max.message.bytes": str(LARGEST_DEAD_LETTER)},
        SENT_AGAIN: {"cleanup.policy": "compact"},
    }
    return [
        Topic(
            name,
            8,
            replicas if name == changed else 3,
            USUAL | own[name] | ((config or {}) if name == changed else {}),
        )
        for name in all_topics(SETTINGS)
    ]


def test_topics_as_they_are_created_have_no_fault() -> None:
    assert faults_of(SETTINGS, topics()) == []


@pytest.mark.parametrize(
    ("name", "key", "found", "mended"),
    [
        (STATE, "retention.ms", str(7 * DAY), "-1"),
        (STATE, "retention.bytes", "1000000", "-1"),
        (STATE, "cleanup.policy", "compact", "delete"),
        (STATE, "cleanup.policy", "compact,delete", "delete"),
        (STATE, "max.message.bytes", "800000", str(LARGEST_RECORD)),
        (STATE, "min.insync.replicas", "4", "2"),
        (FORWARDED, "cleanup.policy", "compact", "delete"),
        (FORWARDED, "max.message.bytes", "800000", str(LARGEST_DEAD_LETTER)),
        (LETTERS, "min.insync.replicas", "4", "2"),
    ],
)
def test_what_loses_state_or_cannot_be_written_stops_workers_and_names_the_command(
    name: str, key: str, found: str, mended: str
) -> None:
    with pytest.raises(TopicsUnfit) as caught:
        require_usable(SETTINGS, topics(name, config={key: found}))

    said = str(caught.value)
    assert name in said
    assert found in said
    assert "`kpis topics apply`" in said
    assert f"--bootstrap-server kafka:9092 --alter --entity-type topics --entity-name {name}" in said
    assert said.endswith(f"--add-config {key}={mended}")


@pytest.mark.parametrize(
    ("name", "key", "found", "mended"),
    [
        (FORWARDED, "retention.ms", str(DAY), str(60 * DAY)),
        (FORWARDED, "retention.bytes", "1000000", "-1"),
        (LETTERS, "cleanup.policy", "compact", "delete"),
        (LETTERS, "max.message.bytes", "1048588", str(LARGEST_DEAD_LETTER)),
        (CLICKS, "message.timestamp.type", "CreateTime", "LogAppendTime"),
        (CLICKS, "cleanup.policy", "delete,compact", "delete"),
        (CLICKS, "min.insync.replicas", "4", "2"),
        (SENT_AGAIN, "cleanup.policy", "delete", "compact"),
        (SENT_AGAIN, "cleanup.policy", "compact,delete", "compact"),
        (SENT_AGAIN, "min.insync.replicas", "4", "2"),
    ],
)
def test_what_may_lose_or_refuse_events_is_a_fault_under_which_workers_go_on(
    name: str, key: str, found: str, mended: str
) -> None:
    odd = topics(name, config={key: found})

    assert require_usable(SETTINGS, odd) == 8
    with pytest.raises(TopicsUnfit, match=f"--entity-name {name} --add-config {key}={mended}"):
        require_right(SETTINGS, odd)


def test_a_topic_of_one_replica_that_wants_two_takes_nothing_until_it_wants_one() -> None:
    (fault,) = faults_of(SETTINGS, topics(STATE, replicas=1))

    assert (fault.key, fault.value, fault.stops) == ("min.insync.replicas", "1", True)


def test_events_that_are_kept_for_ever_are_forwarded_for_ever() -> None:
    (fault,) = faults_of(SETTINGS, topics(CLICKS, config={"retention.ms": "-1"}))

    assert (fault.topic, fault.key, fault.value) == (FORWARDED, "retention.ms", "-1")


def test_what_workers_write_is_no_larger_than_topics_are_asked_to_take() -> None:
    (part,) = encode_parts("snapshot", 2**62, 2**62, bytes(PART_BYTES))
    assert len(part) + 1_000 < NEEDED_BYTES
    random = Random(1)  # Nothing that compressing would make smaller.
    records = [
        Record(at, NOON, random.randbytes(100), random.randbytes(400), [("trace", random.randbytes(50))])
        for at in range(3000)
    ]
    for section in cut("impressions", 7, 0, 2**62, records):
        assert len(encode_bundle([section])) + 1_000 < NEEDED_BYTES

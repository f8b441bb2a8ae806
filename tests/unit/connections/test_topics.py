"""What is wrong with topics is said in one sentence that names them."""

import pytest

from connections.topic_checks import TopicsMismatch, TopicsMissing, TopicsUnfit, require_right
from connections.topic_faults import Topic
from connections.topics import (
    all_topics,
    changelog_topic,
    dead_letters_topic,
    input_topics,
    reinjected_topic,
)
from models.settings import Settings

SETTINGS = Settings(topic_prefix="team.", group="team")
STATE = "team-tallies-changelog"
SENT_AGAIN = "team.dead-letters-reinjected"
CONFIG = {"message.timestamp.type": "LogAppendTime", "retention.ms": "1000", "cleanup.policy": "delete"}


def topics(**changed: Topic) -> list[Topic]:
    """Return all topics as they must be, with some changed (by name without prefix)."""
    right = {name: Topic(name, 8, 3, CONFIG) for name in all_topics(SETTINGS)}
    right[STATE] = Topic(STATE, 8, 3, CONFIG | {"retention.ms": "-1"})
    right[SENT_AGAIN] = Topic(SENT_AGAIN, 1, 3, CONFIG | {"cleanup.policy": "compact"})
    return list((right | {topic.name: topic for topic in changed.values()}).values())


def test_the_prefix_is_of_the_events_topics_and_the_group_of_the_state() -> None:
    assert input_topics(SETTINGS) == [
        "team.impressions",
        "team.clicks",
        "team.engagements",
        "team.conversions",
    ]
    assert dead_letters_topic(SETTINGS) == "team.dead-letters"
    assert reinjected_topic(SETTINGS) == SENT_AGAIN
    assert changelog_topic(SETTINGS) == "team-tallies-changelog"


def test_topics_that_are_right_give_their_partition_count() -> None:
    assert require_right(SETTINGS, topics()) == 8


def test_the_dead_letters_may_have_another_count() -> None:
    assert require_right(SETTINGS, topics(other=Topic("team.dead-letters", 1, 3, CONFIG))) == 8


def test_a_worker_does_without_the_topic_of_what_was_sent_again() -> None:
    assert require_right(SETTINGS, topics(gone=Topic(SENT_AGAIN))) == 8


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("team.clicks", "Add partitions"), ("team-tallies-changelog", "kpis worker --rebuild")],
)
def test_another_partition_count_is_named_with_all_counts_and_the_remedy(name: str, remedy: str) -> None:
    with pytest.raises(TopicsMismatch) as caught:
        require_right(SETTINGS, topics(odd=Topic(name, 4, 3, CONFIG)))

    said = str(caught.value)
    assert f"{name} has 4" in said
    assert "team.impressions has 8" in said
    assert remedy in said
    assert "\n" not in said


def test_a_topic_that_is_not_there_is_named_with_the_command_that_creates_it() -> None:
    with pytest.raises(TopicsMissing, match=r"No topic team\.engagements at .*kpis topics apply"):
        require_right(SETTINGS, topics(gone=Topic("team.engagements")))


def test_an_input_topic_that_keeps_the_producers_time_is_refused() -> None:
    wrong = Topic("team.clicks", 8, 3, CONFIG | {"message.timestamp.type": "CreateTime"})

    with pytest.raises(TopicsUnfit, match=r"team\.clicks must have .*LogAppendTime"):
        require_right(SETTINGS, topics(wrong=wrong))


@pytest.mark.parametrize("name", ["team.dead-letters", "team-tallies-changelog"])
def test_other_topics_may_keep_the_producers_time(name: str) -> None:
    other = Topic(name, 8, 3, CONFIG | {"message.timestamp.type": "CreateTime", "retention.ms": "-1"})

    assert require_right(SETTINGS, topics(other=other)) == 8


def test_a_topic_whose_settings_may_not_be_read_is_taken_for_right() -> None:
    unreadable = Topic("team.clicks", 8, 3)

    assert (unreadable.keeps_arrival, unreadable.retention_ms) == (None, None)
    assert require_right(SETTINGS, topics(unreadable=unreadable)) == 8


def test_retention_is_for_ever_where_a_topic_is_only_compacted() -> None:
    assert Topic("t", 1, 1, CONFIG).retention_ms == 1000
    assert Topic("t", 1, 1, CONFIG | {"cleanup.policy": "compact"}).retention_ms == -1

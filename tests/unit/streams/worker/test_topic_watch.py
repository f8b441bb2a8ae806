"""Topics that go away under a worker are noticed at the second look, and the sentence says what follows."""

import pytest

from connections.topic_faults import Topic
from connections.topics import all_topics
from models.settings import Settings
from streams.kafka.halt import TopicRecreated
from streams.worker.topics import TopicWatch

SETTINGS = Settings(group="team", topic_prefix="team.")
STATE, LETTERS, CLICKS = "team-tallies-changelog", "team.dead-letters", "team.clicks"
SENT_AGAIN = "team.dead-letters-reinjected"


def topics(**counts: int) -> list[Topic]:
    """Return all topics with four partitions, but for some."""
    named = {"state": STATE, "letters": LETTERS, "clicks": CLICKS, "sent_again": SENT_AGAIN}
    other = {named[name]: count for name, count in counts.items()}
    return [Topic(name, other.get(name, 4), 1) for name in all_topics(SETTINGS)]


def test_while_all_are_there_nothing_is_said_and_more_partitions_are_no_loss() -> None:
    watch = TopicWatch(SETTINGS, 4)
    for _ in range(3):
        watch.look(topics(clicks=8, letters=1, sent_again=0))


def test_what_is_missing_once_may_only_not_be_known_yet() -> None:
    watch = TopicWatch(SETTINGS, 4)
    for counts in ({"state": 0}, {}, {"state": 0}, {"clicks": 0}, {}):
        watch.look(topics(**counts))


def test_a_broker_that_knows_of_no_topic_is_not_believed() -> None:
    watch = TopicWatch(SETTINGS, 4)
    for _ in range(3):
        watch.look([Topic(name) for name in all_topics(SETTINGS)])


@pytest.mark.parametrize(
    ("counts", "name"),
    [({"state": 0}, STATE), ({"state": 1}, STATE), ({"letters": 0}, LETTERS), ({"clicks": 1}, CLICKS)],
)
def test_what_is_missing_or_smaller_twice_was_deleted(counts: dict[str, int], name: str) -> None:
    watch = TopicWatch(SETTINGS, 4)
    watch.look(topics(**counts))

    with pytest.raises(
        TopicRecreated, match=rf"The topic {name} was deleted.*creates what is missing"
    ) as caught:
        watch.look(topics(**counts))
    assert ("counted anew" in str(caught.value)) == (name == STATE)


def test_where_an_administrator_creates_topics_the_command_is_named() -> None:
    watch = TopicWatch(SETTINGS.model_copy(update={"create_topics": False}), 4)
    watch.look(topics(clicks=0))

    with pytest.raises(TopicRecreated, match="Run `kpis topics apply`"):
        watch.look(topics(clicks=0))

"""Generations have names of their own, and a worker chooses one that can be right."""

import pytest

from connections.generations import Choice, NoSuchGeneration, choose, generation_of, of_generation
from connections.topics import all_topics, changelog_topic, state_topics
from models.settings import Settings

SETTINGS = Settings(topic_prefix="team.", group="team.g2")


def test_generation_0_has_the_deployments_own_names() -> None:
    assert of_generation(SETTINGS, 0) == SETTINGS


def test_a_later_generation_differs_in_group_and_state_topics_alone() -> None:
    later = of_generation(SETTINGS, 3)

    assert later.group == "team.g2.g3"
    assert set(all_topics(later)) - set(all_topics(SETTINGS)) == set(state_topics(later))


def test_a_state_topic_tells_its_generation_even_where_the_group_looks_like_one() -> None:
    for number in (0, 1, 2, 14):
        assert generation_of(SETTINGS, changelog_topic(of_generation(SETTINGS, number))) == number


@pytest.mark.parametrize("topic", ["team-tallies-changelog", "team.g2.g03-tallies-changelog", "team.clicks"])
def test_a_topic_of_others_is_of_no_generation(topic: str) -> None:
    assert generation_of(SETTINGS, topic) is None


@pytest.mark.parametrize(
    ("shown", "newest", "wanted", "chosen"),
    [
        (None, 0, None, Choice(0, 0)),
        (None, 3, None, Choice(3, 3)),
        (2, 3, None, Choice(2, 2)),
        (0, 0, 0, Choice(1, 0)),
        (2, 3, 0, Choice(3, 2)),
        (1, 1, 1, Choice(1, 1)),
        (0, 0, 1, Choice(1, 0)),
        (None, 0, 0, Choice(1, 0)),
        (None, 2, 0, Choice(2, 1)),
    ],
)
def test_a_worker_counts_what_is_shown_and_a_rebuild_what_follows(
    shown: int | None, newest: int, wanted: int | None, chosen: Choice
) -> None:
    assert choose(shown, newest, wanted) == chosen


def test_a_generation_cannot_be_left_out() -> None:
    with pytest.raises(NoSuchGeneration, match=r"Generation 1 is active.* 2, not 3"):
        choose(1, 1, 3)

"""Topics that were deleted or made anew are noticed."""

import pytest

from models.settings import Settings
from streams.kafka.halt import TopicRecreated
from streams.kafka.recreated import refuse_partial, refuse_shorter
from streams.kafka.sources import SourceNames

ONE = ("impressions", 0)
NAMES = SourceNames(Settings())


def test_a_topic_that_ends_where_it_was_applied_is_taken() -> None:
    refuse_shorter({ONE: 5}, {ONE: 5}, NAMES, ["log"])


def test_a_topic_that_ends_before_what_was_applied_is_refused_and_the_remedy_told() -> None:
    with pytest.raises(TopicRecreated, match=r"ahead of impressions.*Delete log and sent as well"):
        refuse_shorter({ONE: 5}, {ONE: 4}, NAMES, ["log", "sent"])


def test_an_assignment_of_all_topics_is_taken_whichever_partitions_it_holds() -> None:
    refuse_partial({("a", 1), ("b", 1)}, ["a", "b"])
    refuse_partial(set(), ["a", "b"])


def test_an_assignment_that_lacks_a_topic_is_refused_and_the_topic_named() -> None:
    with pytest.raises(TopicRecreated, match="b was missing"):
        refuse_partial({("a", 0), ("a", 1), ("b", 1)}, ["a", "b"])

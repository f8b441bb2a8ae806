"""The names of the topics, and the partition that a campaign's events belong on."""

from functools import lru_cache

from aiokafka.partitioner import murmur2

from models.settings import Settings
from models.topics import DEAD_LETTERS, FORWARDED, INPUT_TOPICS, REINJECTED


def input_topics(settings: Settings) -> list[str]:
    """Return the names of the four topics that events come on."""
    return [settings.topic_prefix + topic for topic in INPUT_TOPICS]


def dead_letters_topic(settings: Settings) -> str:
    """Return the name of the topic that refused events go to."""
    return settings.topic_prefix + DEAD_LETTERS


def reinjected_topic(settings: Settings) -> str:
    """Return the name of the topic that remembers which dead letters were sent again."""
    return settings.topic_prefix + REINJECTED


def changelog_topic(settings: Settings) -> str:
    """Return the name of the topic that holds the workers' state."""
    return f"{settings.group}-tallies-changelog"


def forwarded_topic(settings: Settings) -> str:
    """Return the name of the topic by which workers send events on to the partition of their campaign."""
    return f"{settings.group}-{FORWARDED}"


def state_topics(settings: Settings) -> list[str]:
    """Return the names of the topics that belong to a single generation of the state."""
    return [forwarded_topic(settings), changelog_topic(settings)]


def source_names(settings: Settings) -> dict[str, str]:
    """Map the full names of the topics that a worker reads events from to the names that metrics show."""
    inputs = {settings.topic_prefix + topic: topic for topic in INPUT_TOPICS}
    return {**inputs, forwarded_topic(settings): FORWARDED}


def worker_topics(settings: Settings) -> list[str]:
    """Return the names of the topics that a worker needs."""
    return [*input_topics(settings), dead_letters_topic(settings), *state_topics(settings)]


def all_topics(settings: Settings) -> list[str]:
    """Return the names of all topics of a deployment."""
    return [*worker_topics(settings), reinjected_topic(settings)]


@lru_cache(maxsize=65_536)
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key (a campaign) among `partitions`, as Kafka's Java client chooses it.

    Cached because campaigns repeat and murmur2 is computed byte by byte.
    """
    return int(murmur2(key) & 0x7FFFFFFF) % partitions

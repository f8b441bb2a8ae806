"""The topics, as a worker needs them before it joins its group, and while it runs."""

import asyncio
import logging
from collections.abc import Sequence

from connections.kafka import KafkaUnavailable
from connections.topic_admin import create_missing_topics, describe_topics
from connections.topic_checks import remedy, require_usable
from connections.topic_faults import Topic, faults_of
from connections.topics import dead_letters_topic, state_topics, worker_topics
from models.settings import Settings
from streams.kafka.halt import TopicRecreated

_LOOK_SECONDS = 5.0

log = logging.getLogger(__name__)


async def prepare_topics(settings: Settings) -> int:
    """Create what is missing, if that is wanted, and return the partition count that the topics share.

    What is wrong and costs no event while nothing else happens is logged.

    Raises:
        KafkaUnavailable: the broker does not answer.
        TopicsMissing: a topic does not exist.
        TopicsMismatch: partition counts differ.
        TopicsUnfit: state would be lost, or could not be written.

    """
    if settings.create_topics:
        await create_missing_topics(settings, worker_topics(settings))
    topics = await describe_topics(settings)
    count = require_usable(settings, topics)
    for fault in faults_of(settings, topics):
        log.warning("%s %s", fault.sentence, remedy(settings, [fault]))
    return count


class TopicWatch:
    """Looks every few seconds whether the topics are still there, with the partitions that they had."""

    def __init__(self, settings: Settings, partitions: int) -> None:
        self._settings = settings
        self._partitions = partitions
        self._gone: set[str] = set()

    async def run(self) -> None:
        """Look again and again, until cancelled; while the broker is away nothing is said.

        Raises:
            TopicRecreated: a topic was deleted, and perhaps made anew.

        """
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                topics = await describe_topics(self._settings)
            except KafkaUnavailable:
                continue
            self.look(topics)

    def look(self, topics: Sequence[Topic]) -> None:
        """Compare topics with what they were; what is missing once may only not be known yet.

        Raises:
            TopicRecreated: a topic was deleted, and perhaps made anew.

        """
        least = {name: self._least(name) for name in worker_topics(self._settings)}
        if not any(topic.partitions for topic in topics):
            return  # A broker that has just started may know of none.
        gone = {topic.name for topic in topics if topic.partitions < least.get(topic.name, 0)}
        again, self._gone = gone & self._gone, gone
        if again:
            raise TopicRecreated(self._sentence(sorted(again)))

    def _least(self, name: str) -> int:
        return 1 if name == dead_letters_topic(self._settings) else self._partitions

    def _sentence(self, names: Sequence[str]) -> str:
        lost = set(names) & set(state_topics(self._settings))
        mends = "It creates what is missing." if self._settings.create_topics else "Run `kpis topics apply`."
        anew = " What is counted is counted anew from the topics of events." if lost else ""
        return (
            f"The topic {', '.join(names)} was deleted under the worker, or made anew with fewer partitions. "
            f"{mends}{anew}"
        )

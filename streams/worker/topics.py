"""The topics, as a worker needs them before it joins its group."""

import logging

from connections.topic_admin import create_missing_topics, describe_topics
from connections.topic_checks import remedy, require_usable
from connections.topic_faults import faults_of
from models.settings import Settings

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
        await create_missing_topics(settings)
    topics = await describe_topics(settings)
    count = require_usable(settings, topics)
    for fault in faults_of(settings, topics):
        log.warning("%s %s", fault.sentence, remedy(settings, [fault]))
    return count

"""Every error is said in a sentence that names the topic and, where there is one, the remedy."""

import pytest
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    MessageSizeTooLargeError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnknownTopicOrPartitionError,
)

from producers.refusals import in_words


@pytest.mark.parametrize(
    ("error", "topic", "words"),
    [
        (TopicAuthorizationFailedError("x"), "clicks", ["clicks", "grant Write on it", "kpis topics list"]),
        (TransactionalIdAuthorizationFailed("x"), "", ["a producer", "grant Write on its transactional id"]),
        (ClusterAuthorizationFailedError(), "", ["a producer", "IdempotentWrite"]),
        (MessageSizeTooLargeError(), "clicks", ["max.message.bytes", "kpis topics apply"]),
        (UnknownTopicOrPartitionError(), "clicks", ["does not exist", "kpis topics apply"]),
        (TimeoutError(), "clicks", ["clicks (TimeoutError)."]),
        (OSError("It is away."), "", ["It is away."]),
        (TimeoutError(), "", ["Kafka cannot be used (TimeoutError)."]),
    ],
)
def test_an_error_is_said_with_its_remedy(error: Exception, topic: str, words: list[str]) -> None:
    said = in_words(error, topic)

    assert all(word in said for word in words), said
    assert said.endswith(".")

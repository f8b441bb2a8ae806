"""What is said of the errors with which Kafka does not take records: one sentence with its remedy."""

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTimestampError,
    KafkaError,
    LeaderNotAvailableError,
    MessageSizeTooLargeError,
    NotEnoughReplicasAfterAppendError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumber,
    PolicyViolationError,
    ProducerFenced,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
    UnknownProducerId,
    UnknownTopicOrPartitionError,
)

from connections.topic_faults import MAX_BYTES

RIGHTS = (TopicAuthorizationFailedError, ClusterAuthorizationFailedError)
_SAID: dict[tuple[type[KafkaError], ...], str] = {
    (TopicAuthorizationFailedError,): "grant Write on it (`kpis topics list` names the rights)",
    (TransactionalIdAuthorizationFailed,): (
        "grant Write on its transactional id (`kpis topics list` names the rights)"
    ),
    (ClusterAuthorizationFailedError,): "grant IdempotentWrite on the cluster",
    (MessageSizeTooLargeError, RecordListTooLargeError, RecordTooLargeError): (
        f"a record is larger than its {MAX_BYTES}; raise that with `kpis topics apply`"
    ),
    (UnknownTopicOrPartitionError,): "it does not exist; create it with `kpis topics apply`",
    (LeaderNotAvailableError, NotLeaderForPartitionError): "no broker leads it; bring back the one that did",
    (NotEnoughReplicasError, NotEnoughReplicasAfterAppendError): (
        "too few of its replicas are in sync; bring brokers back"
    ),
    (InvalidTimestampError,): "the clock here is far from the broker's; set both right",
    (PolicyViolationError,): "a policy of the broker forbids it; its log says which",
    (OutOfOrderSequenceNumber, UnknownProducerId, ProducerFenced): (
        "it lost track of what this producer sent; another one goes on"
    ),
}


def in_words(error: BaseException, topic: str) -> str:
    """Say why records for a topic are not taken; the topic is empty where no connection came about."""
    said = next((said for classes, said in _SAID.items() if isinstance(error, classes)), "")
    if not topic and not said:
        return str(error) or f"Kafka cannot be used ({type(error).__name__})."
    subject = f"what is sent to {topic}" if topic else "a producer"
    return f"Kafka does not take {subject} ({type(error).__name__}){': ' if said else ''}{said}."

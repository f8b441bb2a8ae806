"""Records that are not taken, in words: why, and what mends it."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiokafka.errors import (
    InvalidTimestampError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
)

from connections.topic_faults import LARGEST_DEAD_LETTER, MAX_BYTES
from models.settings import Settings
from streams.kafka.halt import RecordRefused

_ROOM = 64 * 1024
"""What headers and Kafka add to a record."""


def refusal(settings: Settings, topic: str, size: int, error: BaseException) -> RecordRefused | None:
    """Say why a topic did not take a record of a size; None for an error that may pass by itself."""
    said = f"The topic {topic} does not take a record of {size} bytes ({type(error).__name__})"
    if size > LARGEST_DEAD_LETTER - _ROOM:
        return RecordRefused(
            f"{said}, and workers send none so large: the event came compressed. Give it up with "
            "kafka-delete-records.sh (docs/operations.md, Erasing a person)."
        )
    if isinstance(error, MessageSizeTooLargeError | RecordListTooLargeError):
        return RecordRefused(
            f"{said}: raise its {MAX_BYTES} with `kpis topics apply`, or: kafka-configs.sh "
            f"--bootstrap-server {settings.kafka} --alter --entity-type topics --entity-name {topic} "
            f"--add-config {MAX_BYTES}={LARGEST_DEAD_LETTER}"
        )
    if isinstance(error, TopicAuthorizationFailedError):
        return RecordRefused(
            f"{said}: the worker lacks the right Write (`kpis topics list` names the rights)."
        )
    if isinstance(error, InvalidTimestampError):
        return RecordRefused(f"{said}: the clock of this worker is far from the broker's; set both right.")
    if isinstance(error, PolicyViolationError):
        return RecordRefused(f"{said}: a policy of the broker forbids it; its log says which.")
    return None


def told(
    sent: "asyncio.Future[Any]", reason: Callable[[BaseException], KafkaError | RecordRefused | None]
) -> "asyncio.Future[Any]":
    """Return the future of an acknowledgement whose error, where there is a reason for it, is that."""
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def tell(done: "asyncio.Future[Any]") -> None:
        if answer.cancelled():
            return
        if done.cancelled():
            answer.cancel()
        elif error := done.exception():
            answer.set_exception(reason(error) or error)
        else:
            answer.set_result(done.result())

    sent.add_done_callback(tell)
    return answer

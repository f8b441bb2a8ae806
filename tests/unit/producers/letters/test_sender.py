"""What a sender says of a transaction that failed."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import InvalidTxnState, KafkaError, TopicAuthorizationFailedError

from producers.letters.judging import Again
from producers.letters.sender import Sender
from producers.publisher import DeliveryFailed


class RefusingProducer:
    """Fails each record as told, in order, after what ended the transaction."""

    def __init__(self, ended_by: KafkaError | None, failures: list[KafkaError]) -> None:
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if ended_by:
            ended.set_exception(ended_by)
        self._txn_manager = SimpleNamespace(wait_for_transaction_end=lambda: ended)
        self._failures = iter(failures)

    async def begin_transaction(self) -> None:
        """Begin nothing."""

    async def send(self, *_record: object, **_headers: object) -> "asyncio.Future[object]":
        sent: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        sent.set_exception(next(self._failures))
        return sent


async def refusal(ended_by: KafkaError | None, *failures: KafkaError) -> str:
    records = [Again(f"topic-{n}", 0, None, b"") for n, _ in enumerate(failures)]
    producer = RefusingProducer(ended_by, list(failures))
    with pytest.raises(DeliveryFailed) as refused:
        await Sender(producer, 1.0).commit(records)
    return str(refused.value)


async def test_what_ended_a_transaction_is_named_and_not_what_that_did_to_the_other_records() -> None:
    cause = TopicAuthorizationFailedError({"clicks"})
    for failures in ((InvalidTxnState(), cause), (cause, InvalidTxnState()), (InvalidTxnState(),)):
        assert "sent to clicks (TopicAuthorizationFailedError): grant Write on it" in await refusal(
            cause, *failures
        )


async def test_a_record_that_fails_without_ending_the_transaction_is_named_itself() -> None:
    said = await refusal(None, TopicAuthorizationFailedError("clicks"))
    assert "sent to clicks (TopicAuthorizationFailedError): grant Write on it" in said

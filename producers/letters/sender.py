"""Records sent in transactions: what is in one is committed together, and by one sender at a time.

Its transactional id is fixed: whoever opens a sender ends the transaction of the one before it, which can
commit nothing any more.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import IllegalOperation, KafkaError, ProducerFenced, TopicAuthorizationFailedError

from connections.kafka import client_options
from connections.topic_faults import LARGEST_DEAD_LETTER
from connections.topics import reinjected_topic
from models.settings import Settings
from producers.letters.judging import Again
from producers.publisher import DeliveryFailed, close_producer, start_producer
from producers.refusals import in_words

TRANSACTION_SECONDS = 20
"""How long a transaction may be open. Brokers look every 10 s for one of a killed sender: so long, and up to
10 s more, waits what stands behind it, unless another sender is opened."""
_START_SECONDS, _ABORT_SECONDS = 60.0, 3.0
_BATCH_BYTES = 65_536
_FAILURES = (KafkaError, IllegalOperation, OSError, TimeoutError)


class Sender:
    """Sends records in transactions; made by `open_sender`."""

    def __init__(self, producer: AIOKafkaProducer, transaction_seconds: float) -> None:
        self._producer = producer
        self._transaction_seconds = transaction_seconds
        self._open = False

    async def commit(self, records: Sequence[Again]) -> None:
        """Send records, all or none.

        Raises:
            DeliveryFailed: they are not sent; or Kafka did not confirm it, and they may be.

        """
        try:
            await self._send(records)
        except _FAILURES as error:
            raise DeliveryFailed(f"{_why(error)} What was not committed is not sent.") from error
        try:
            async with asyncio.timeout(self._transaction_seconds):
                await self._producer.commit_transaction()
            self._open = False
        except _FAILURES as error:
            raise DeliveryFailed(
                f"{_why(error)} Whether the last {len(records)} records are sent is not known here."
            ) from error

    async def _send(self, records: Sequence[Again]) -> None:
        async with asyncio.timeout(self._transaction_seconds):
            await self._producer.begin_transaction()
            self._open = True
            try:
                sent = [await self._enqueue(record) for record in records]
                # A transaction is committed even where one of its records was refused: so each is looked at.
                await asyncio.gather(*sent)
            except (KafkaError, IllegalOperation):
                # One record that is refused ends the transaction, and the others fail for that alone, each
                # with an error of its own (InvalidTxnState): what ended it is to be named.
                ended = self._producer._txn_manager.wait_for_transaction_end()
                if ended.done():
                    ended.result()
                raise

    async def _enqueue(self, record: Again) -> "asyncio.Future[object]":
        headers = list(record.headers)
        sent: asyncio.Future[object] = await self._producer.send(
            record.topic, record.value, record.key, record.partition, headers=headers
        )
        return sent

    async def abort(self) -> None:
        """End a transaction that was not committed: what stands behind it would wait until it times out."""
        if self._open:
            with suppress(KafkaError, OSError, TimeoutError, AssertionError):
                async with asyncio.timeout(_ABORT_SECONDS):
                    await self._producer.abort_transaction()


@asynccontextmanager
async def open_sender(
    settings: Settings, transaction_seconds: float = TRANSACTION_SECONDS
) -> AsyncIterator[Sender]:
    """Open a sender; from then on none that was opened before commits anything.

    Raises:
        DeliveryFailed: the broker does not let us send in transactions.

    """
    producer = AIOKafkaProducer(
        **client_options(settings),
        transactional_id=reinjected_topic(settings),
        transaction_timeout_ms=int(1000 * transaction_seconds),
        compression_type="lz4",
        max_batch_size=_BATCH_BYTES,
        max_request_size=LARGEST_DEAD_LETTER,
        linger_ms=5,
    )
    try:
        await start_producer(producer, _START_SECONDS)
        sender = Sender(producer, transaction_seconds)
        try:
            yield sender
        finally:
            await sender.abort()
    finally:
        with suppress(KafkaError):
            await close_producer(producer)


def _why(error: BaseException) -> str:
    if isinstance(error, ProducerFenced):
        return (
            "Another `kpis dead-letters reinject` has begun and goes on in place of this one (or Kafka took "
            f"more than {TRANSACTION_SECONDS} s for a transaction)."
        )
    if isinstance(error, TimeoutError):
        return "Kafka did not acknowledge a transaction in time."
    if isinstance(error, TopicAuthorizationFailedError):
        (topics,) = error.args
        return in_words(error, topics if isinstance(topics, str) else ", ".join(sorted(topics)))
    return f"Kafka did not take a transaction ({type(error).__name__})."

"""What is not acknowledged makes the sending fail, and is known."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    KafkaError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
    TopicAuthorizationFailedError,
)

from connections.topics import partition_of
from producers.publisher import DeliveryFailed, Publisher


class Broker:
    """Takes sendings, and acknowledges them when the test says so."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, bytes | None, int | None]] = []
        self.futures: list[asyncio.Future[Any]] = []
        self.refuses: Exception | None = None

    async def send(
        self, topic: str, value: bytes, key: bytes | None, partition: int | None
    ) -> "asyncio.Future[Any]":
        if self.refuses:
            raise self.refuses
        self.sent.append((topic, value, key, partition))
        self.futures.append(asyncio.get_running_loop().create_future())
        return self.futures[-1]

    def acknowledge(self, *numbers: int) -> None:
        for number in numbers:
            self.futures[number].set_result(None)


@pytest.fixture
def broker() -> Broker:
    return Broker()


def publisher_on(broker: Broker, stalled_after: float = 30.0) -> Publisher:
    return Publisher(broker, {"clicks": 8, "impressions": 8}, "test.", stalled_after)


async def test_records_go_to_the_prefixed_topic_and_their_campaigns_partition(broker: Broker) -> None:
    publisher = publisher_on(broker)
    await publisher.send("clicks", b"glow", b"{}")
    await publisher.send("clicks", None, b"junk")
    assert broker.sent == [
        ("test.clicks", b"{}", b"glow", partition_of(b"glow", 8)),
        ("test.clicks", b"junk", None, None),
    ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TopicAuthorizationFailedError("test.clicks"), r"sent to test\.clicks \(.*: grant Write on it"),
        (ClusterAuthorizationFailedError(), "grant IdempotentWrite on the cluster"),
    ],
)
async def test_a_right_that_is_missing_is_named(broker: Broker, error: KafkaError, said: str) -> None:
    publisher = publisher_on(broker)
    await publisher.send("clicks", b"glow", b"{}")
    broker.futures[0].set_exception(error)
    with pytest.raises(DeliveryFailed, match=said):
        await publisher.flush()


async def test_flush_waits_for_every_acknowledgement_and_counts_by_topic(broker: Broker) -> None:
    publisher = publisher_on(broker)
    for topic in ("clicks", "impressions", "clicks"):
        await publisher.send(topic, b"glow", b"{}")
    flushing = asyncio.create_task(publisher.flush())
    broker.acknowledge(0, 1)
    done, _ = await asyncio.wait({flushing}, timeout=0.05)
    assert not done
    broker.acknowledge(2)
    await flushing
    assert publisher.acknowledged == {"clicks": 2, "impressions": 1}
    assert publisher.first_unacknowledged is None


async def test_the_first_unacknowledged_position_is_the_earliest_whatever_is_acknowledged_first(
    broker: Broker,
) -> None:
    publisher = publisher_on(broker)
    for line in (1, 2, 3, 4):
        await publisher.send("clicks", b"glow", b"{}", line)
    broker.acknowledge(0, 3)
    await asyncio.sleep(0)
    assert publisher.first_unacknowledged == 2


async def test_a_failed_delivery_fails_the_flush_and_every_later_sending(broker: Broker) -> None:
    publisher = publisher_on(broker)
    for line in (1, 2):
        await publisher.send("clicks", b"glow", b"{}", line)
    broker.acknowledge(0)
    broker.futures[1].set_exception(NotLeaderForPartitionError())
    with pytest.raises(DeliveryFailed, match="NotLeaderForPartitionError"):
        await publisher.flush()
    with pytest.raises(DeliveryFailed):
        await publisher.send("clicks", b"glow", b"{}", 3)
    assert publisher.acknowledged.total() == 1
    assert publisher.first_unacknowledged == 2


async def test_a_record_that_the_client_does_not_take_is_a_failed_delivery(broker: Broker) -> None:
    publisher = publisher_on(broker)
    broker.refuses = MessageSizeTooLargeError()
    with pytest.raises(DeliveryFailed, match="MessageSizeTooLargeError"):
        await publisher.send("clicks", b"glow", b"{}", 1)
    assert publisher.first_unacknowledged == 1


async def test_a_broker_that_acknowledges_nothing_any_more_fails_the_flush(broker: Broker) -> None:
    publisher = publisher_on(broker, stalled_after=0.1)
    await publisher.send("clicks", b"glow", b"{}", 1)
    with pytest.raises(DeliveryFailed, match="acknowledged nothing for over"):
        await asyncio.wait_for(publisher.flush(), 5)


async def test_a_pause_between_sendings_is_no_stall(broker: Broker) -> None:
    publisher = publisher_on(broker, stalled_after=0.05)
    await publisher.send("clicks", b"glow", b"{}", 1)
    broker.acknowledge(0)
    await asyncio.sleep(0.1)
    await publisher.send("clicks", b"glow", b"{}", 2)
    broker.acknowledge(1)
    await publisher.flush()
    assert publisher.acknowledged.total() == 2

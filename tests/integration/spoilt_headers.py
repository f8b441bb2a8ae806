"""Records with a header whose name is no UTF-8."""

from aiokafka import AIOKafkaProducer
from aiokafka.record.util import calc_crc32c


async def send_oddly_named(
    producer: AIOKafkaProducer, topic: str, value: bytes, partition: int, key: bytes | None = None
) -> None:
    """Send a record with a header whose name is no UTF-8, which aiokafka itself does not write."""
    batch = producer.create_batch()
    batch.append(key=key, value=value, timestamp=None, headers=[("spoilt", b"\xfe")])
    build = batch._build

    def build_spoilt() -> bytearray:
        built: bytearray = build()
        built[:] = built.replace(b"spoilt", b"spoil\xff")
        built[17:21] = calc_crc32c(built[21:]).to_bytes(4, "big")
        return built

    batch._build = build_spoilt
    await (await producer.send_batch(batch, topic, partition=partition))

"""Kafka starts, keeps its data, stops, and says what is wrong."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

import embedded.kafka
from embedded import ServerFailed
from embedded.kafka import start_kafka
from embedded.server import Server
from tests.integration.embedded.looking import running


async def send(address: str, *values: bytes) -> None:
    """Create the topic and put values into it."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    await admin.create_topics([NewTopic("kept", num_partitions=8, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        for value in values:
            await producer.send_and_wait("kept", value, partition=0)


async def received(address: str, count: int) -> list[bytes]:
    """Take so many values of the topic, as a member of a group."""
    consumer = AIOKafkaConsumer(
        "kept", bootstrap_servers=address, group_id="readers", auto_offset_reset="earliest"
    )
    async with consumer:
        values = [(await anext(consumer)).value for _ in range(count)]
        await consumer.commit()
    return values


async def committed(address: str) -> int | None:
    """Return the offset that the group committed."""
    async with AIOKafkaConsumer(bootstrap_servers=address, group_id="readers") as consumer:
        offset = await consumer.committed(TopicPartition("kept", 0))
        return None if offset is None else int(offset)


def port(server: Server) -> int:
    """Return the port of a server."""
    return int(server.address.rpartition(":")[2])


async def test_data_survive_a_clean_stop_and_a_kill_each_on_another_port(tmp_path: Path) -> None:
    said: list[str] = []
    with start_kafka(tmp_path, progress=said.append) as server:
        first = port(server)
        await send(server.address, b"one", b"two")
    assert [sentence.partition(": ")[2].split()[0] for sentence in said][-3:] == [
        "formatting",
        "starting…",
        "answers",
    ]
    with start_kafka(tmp_path) as server:
        assert port(server) != first
        assert await received(server.address, 2) == [b"one", b"two"]
        os.kill(server.child.pid, signal.SIGKILL)
    assert server.child.poll() == 128 + signal.SIGKILL
    with start_kafka(tmp_path) as server:
        # In the first moments after a kill the broker may not know of the offset yet.
        async with asyncio.timeout(10):
            while await committed(server.address) is None:
                await asyncio.sleep(0.2)
        assert await committed(server.address) == 2


async def test_a_stop_is_clean_and_quick_and_leaves_no_process(tmp_path: Path) -> None:
    server = start_kafka(tmp_path)
    await send(server.address, b"one")
    assert await received(server.address, 1) == [b"one"]
    pids = server.child.pid, server.child.reaper_pid
    assert running(*pids) == set(pids)
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    assert (tmp_path / "log" / ".kafka_cleanshutdown").exists()
    assert not running(*pids)


def test_a_second_start_in_the_same_directory_is_refused_at_once(tmp_path: Path) -> None:
    with start_kafka(tmp_path) as server:
        began = time.monotonic()
        with pytest.raises(
            ServerFailed, match=rf"\(process {os.getpid()}\) uses the data directory {tmp_path}"
        ):
            start_kafka(tmp_path)
        assert time.monotonic() - began < 5
        assert server.child.poll() is None


def test_a_port_that_is_taken_is_refused(kafka: str, tmp_path: Path) -> None:
    taken = int(kafka.rpartition(":")[2])
    with pytest.raises(ServerFailed, match=f"port {taken} is in use"):
        start_kafka(tmp_path, port=taken)


def test_the_broker_of_another_who_took_the_port_at_the_same_moment_is_not_taken_for_it(
    kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(kafka.rpartition(":")[2])
    monkeypatch.setattr(embedded.kafka, "required_port", lambda *_: taken)
    with pytest.raises(ServerFailed, match=r"(?s)ended with exit code 1 .* ends with:.*already in use"):
        start_kafka(tmp_path)


def test_a_server_that_ends_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=other\n")
    with pytest.raises(ServerFailed, match=r"(?s)ended with exit code 1 .* ends with:.*node id.*7"):
        start_kafka(tmp_path)


def test_a_directory_that_cannot_be_formatted_is_reported(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    with pytest.raises(ServerFailed, match="cannot format its data directory"):
        start_kafka(tmp_path)


def test_a_directory_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServerFailed, match="cannot be written"):
        start_kafka(tmp_path / "file" / "kafka")

"""Bytes that no browser sends, and clients that only hold on: each is answered, and the others are served."""

import asyncio
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.collector.collecting import (
    KEY,
    PIXEL,
    collector,
    deployed,
    register_link,
)

POST = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n".encode()
HTTP = b" HTTP/1.1\r\nHost: x\r\n"
BOMB_BYTES = 200_000_000


def hostile() -> Iterator[bytes]:
    """Yield what is sent, each over a connection of its own."""
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(60)
    yield b"GET /i.gif\r\n\r\n"
    yield b"GET /i.gif HTTP/9.9\r\n\r\n"
    yield bytes(1000)
    yield b"GET /" + b"a" * 20_000 + HTTP + b"\r\n"
    yield b"GET /i.gif" + HTTP + b"X: " + b"a" * 20_000 + b"\r\n\r\n"
    yield b"GET /i.gif" + HTTP + b"".join(b"X-%d: a\r\n" % number for number in range(500)) + b"\r\n"
    yield b"GET /i.gif" + HTTP + b"".join(b"X-%d: %b\r\n" % (one, b"a" * 8000) for one in range(5)) + b"\r\n"
    yield b"GET /c/reel%0d%0aSet-Cookie:%20a=b" + HTTP + b"\r\n"
    yield b"GET /c/reel?gclid=%0d%0aSet-Cookie:%20a=b" + HTTP + b"\r\n"
    yield b"GET /\xff\xfe?\xff=\xc3\x28" + HTTP + b"User-Agent: \xff\xfe\r\n\r\n"
    yield b"GET http://x/i.gif HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nabc"
    yield b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"
    yield POST + b"Content-Length: -1\r\n\r\n"
    yield POST + b"Content-Length: 99999999999999999999\r\n\r\n"
    yield POST + b"Content-Length: 5000000\r\n\r\n" + b"x" * 5_000_000
    yield POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2]\r\n0\r\n\r\n"
    yield POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"
    yield POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65_536 + b"\r\n" * 40
    yield POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(made := bomb()), made)
    yield POST + b"Content-Encoding: zstd\r\nContent-Length: 4\r\n\r\nabcd"
    yield POST + b"Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}"
    yield b"GET /livez" + HTTP + b"\r\n" + b"GET /robots.txt" + HTTP + b"\r\n" * 50


def bomb() -> bytes:
    """Return gzip that a thousand times as many zeros come of, made without ever holding them."""
    deflate, zeros = zlib.compressobj(wbits=31), bytes(1_000_000)
    pieces = [deflate.compress(zeros) for _ in range(BOMB_BYTES // len(zeros))]
    return b"".join(pieces) + deflate.flush()


async def told(address: str, sent: bytes) -> bytes:
    """Send bytes, and return what is answered within a time."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(sent)
        async with asyncio.timeout(3):
            return await reader.read(65_536)
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


async def counted(client: aiohttp.ClientSession) -> float:
    """Return how many requests were answered, those for this figure left out."""
    page = await (await client.get("/metrics")).text()
    lines = [line for line in page.splitlines() if line.startswith("kpi_collector_requests_total{")]
    return sum(float(line.split()[-1]) for line in lines if 'endpoint="metrics"' not in line)


def forget_peak() -> None:
    """Have Linux measure the most memory that this process takes from now on."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Return the most bytes of memory that this process has taken since."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def test_whatever_is_sent_is_answered_and_counted_is_no_fault_of_ours_and_takes_little_memory(
    settings: Settings, redis: Redis, tmp_path: Path
) -> None:
    await register_link(settings, redis)
    own = deployed(settings, tmp_path)
    async with collector(own) as (serving, client):
        for sent in hostile():
            forget_peak()
            memory, before = peak(), await counted(client)
            answer = await told(own.collect_address, sent)

            assert answer, sent[:100]
            assert int(answer[9:12]) < 500, (answer, sent[:100])
            assert b"\r\nSet-Cookie" not in answer
            assert await counted(client) > before, sent[:100]
            assert peak() - memory < BOMB_BYTES / 4, sent[:100]
        assert (await client.get("/livez")).status == 200
    assert serving.door.clients == {}


async def test_who_sends_too_much_is_told_and_counted_once(
    settings: Settings, redis: Redis, tmp_path: Path
) -> None:
    await register_link(settings, redis)
    async with collector(deployed(settings, tmp_path)) as (_, client):
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        answer = await client.post("/v1/events", data=io.BytesIO(bytes(3_000_000)), headers=headers)
        page = await (await client.get("/metrics")).text()

    assert answer.status == 413
    assert 'code="400",endpoint="other"' not in page


async def test_though_slow_clients_hold_every_connection_a_visitor_is_served(
    settings: Settings, redis: Redis, tmp_path: Path
) -> None:
    await register_link(settings, redis)
    own = deployed(settings, tmp_path, collect_connections=20)
    host, _, port = own.collect_address.rpartition(":")
    async with collector(own) as (serving, client):
        slow = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
        for _, writer in slow:
            writer.write(b"GET /i.gif HTTP/1.1\r\nX")
        # Who came within the last second gives way to nobody: they will ask.
        await asyncio.sleep(1.2)
        answer = await client.get(PIXEL)

        assert answer.status == 200
        assert len(serving.door.clients) <= own.collect_connections
        for _, writer in slow:
            writer.close()

"""Clients that ask nothing, ask by halves or do not read, against a real endpoint."""

import asyncio
import contextlib
import errno
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.core import GaugeMetricFamily, Metric

from connections.door import Client
from connections.listening import Serving, listen
from connections.patience import Limits
from exporters.endpoint import serve
from models.readings.pipeline import Readiness

MEGABYTE = 1_000_000
SHORT = Limits(connections=20, request=0.6, idle=1.2, stalled=0.6, rate=MEGABYTE, look_every=0.05)
ASK = b"GET /metrics HTTP/1.1\r\nHost: page\r\n\r\n"
ALIVE = ASK.replace(b"/metrics", b"/livez")


class Large:
    """A page of some megabytes."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes

    def steps(self) -> Iterator[Metric | None]:
        yield GaugeMetricFamily("up", "Always.", value=1)
        for number in range(self._megabytes):
            yield GaugeMetricFamily(f"large_{number}", "x" * MEGABYTE, value=1)


class Clients:
    """Clients of all kinds of an endpoint."""

    def __init__(self, serving: Serving, stack: contextlib.ExitStack) -> None:
        self.serving = serving
        self.address = serving.addresses[0][:2]
        self._stack = stack

    def connect(self, sent: bytes = b"", receive_buffer: int | None = None) -> socket.socket:
        one = self._stack.enter_context(socket.socket())
        if receive_buffer is not None:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        one.connect(self.address)
        one.sendall(sent)
        one.setblocking(False)
        return one

    async def scrape(self, seconds: float = 5.0) -> int:
        """Read the page as Prometheus does; return its length."""
        host, port = self.address
        patience = ClientTimeout(total=seconds)
        async with (
            ClientSession(timeout=patience) as session,
            session.get(f"http://{host}:{port}/metrics") as answer,
        ):
            assert answer.status == 200
            return len(await answer.read())


@asynccontextmanager
async def page(limits: Limits = SHORT, megabytes: int = 0) -> AsyncIterator[Clients]:
    serving = await serve("127.0.0.1:0", Large(megabytes), lambda: Readiness(True, "ready"), limits=limits)
    try:
        with contextlib.ExitStack() as stack:
            yield Clients(serving, stack)
    finally:
        await serving.cleanup()


async def read_to_end(client: socket.socket, at_once: int = 1 << 20, pause: float = 0.0) -> int:
    """Read until the connection is closed, with a pause after each part; return how many bytes came."""
    loop = asyncio.get_running_loop()
    count = 0
    with contextlib.suppress(ConnectionError):
        while part := await loop.sock_recv(client, at_once):
            count += len(part)
            await asyncio.sleep(pause)
    return count


async def test_who_asks_nothing_is_let_go() -> None:
    async with page() as clients, asyncio.timeout(3):
        silent = [clients.connect() for _ in range(10)]
        assert [await read_to_end(one) for one in silent] == [0] * 10


async def test_who_asks_by_halves_is_let_go_even_if_more_of_it_comes_and_comes() -> None:
    async with page() as clients, asyncio.timeout(3):
        half, slow = clients.connect(ASK[:20]), clients.connect(ASK[:5])

        async def drip() -> None:
            for number in range(5, len(ASK) - 1):
                await asyncio.sleep(0.1)
                slow.send(ASK[number : number + 1])

        dripping = asyncio.create_task(drip())
        assert [await read_to_end(half), await read_to_end(slow)] == [0, 0]
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_between_requests_a_connection_is_kept_for_a_while_and_then_closed() -> None:
    async with page() as clients, asyncio.timeout(5):
        loop, client = asyncio.get_running_loop(), clients.connect(ALIVE)
        assert (await loop.sock_recv(client, 1000)).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(SHORT.request + 0.2)
        client.send(ALIVE)
        assert (await loop.sock_recv(client, 1000)).startswith(b"HTTP/1.1 200")
        assert await read_to_end(client) == 0


async def test_the_second_half_of_a_second_request_is_not_waited_for_either() -> None:
    async with page() as clients, asyncio.timeout(3):
        client = clients.connect(ALIVE)
        await asyncio.get_running_loop().sock_recv(client, 1000)
        began = time.monotonic()
        client.send(ALIVE[:10])
        assert await read_to_end(client) == 0
        assert time.monotonic() - began < SHORT.idle


@pytest.mark.parametrize("pause", [None, 0.1])
async def test_who_does_not_read_the_answer_or_hardly_is_let_go(pause: float | None) -> None:
    async with page(megabytes=8) as clients, asyncio.timeout(5):
        client = clients.connect(ASK, receive_buffer=4096)
        reading = asyncio.create_task(read_to_end(client, at_once=4096, pause=pause or 10))
        while not clients.serving.door.clients:
            await asyncio.sleep(0.01)
        while clients.serving.door.clients:
            await asyncio.sleep(0.05)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_who_reads_slowly_but_steadily_gets_the_whole_page() -> None:
    async with page(megabytes=8) as clients, asyncio.timeout(20):
        client = clients.connect(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), 100_000)
        began = time.monotonic()
        assert await read_to_end(client, at_once=200_000, pause=0.04) > 8 * MEGABYTE
        assert time.monotonic() - began > 2 * SHORT.stalled


@pytest.mark.parametrize("sent", [b"", ASK[:20], ALIVE])
async def test_however_many_connections_there_are_a_scraper_is_served(sent: bytes) -> None:
    patient = Limits(connections=20, look_every=0.05)
    async with page(patient) as clients, asyncio.timeout(10):
        crowd = [clients.connect(sent) for _ in range(100)]
        assert await clients.scrape() > 0
        crowd += [clients.connect(sent) for _ in range(50)]
        assert await clients.scrape() > 0
        assert len(clients.serving.door.clients) <= 20


async def test_for_one_file_descriptor_that_is_wanting_one_connection_gives_way_and_not_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wires: list[asyncio.Transport] = []
    made, accept = Client.connection_made, asyncio.get_running_loop().sock_accept

    def remember(client: Client, transport: asyncio.BaseTransport) -> None:
        made(client, transport)
        wires.append(cast(asyncio.Transport, transport))

    async def accept_with_ten_descriptors(listening: socket.socket) -> Any:
        if sum(wire.get_extra_info("socket").fileno() >= 0 for wire in wires) >= 10:
            raise OSError(errno.EMFILE, "Too many open files")
        return await accept(listening)

    monkeypatch.setattr(Client, "connection_made", remember)
    monkeypatch.setattr(asyncio.get_running_loop(), "sock_accept", accept_with_ten_descriptors)
    async with page(Limits(look_every=0.05)) as clients, asyncio.timeout(5):
        crowd = [clients.connect(ALIVE) for _ in range(12)]
        await asyncio.sleep(0.3)
        assert 8 <= len(clients.serving.door.clients) < len(crowd)


async def test_answers_that_nobody_reads_hold_so_much_and_a_scraper_is_served() -> None:
    greedy = Limits(connections=50, unread=8 * MEGABYTE, look_every=0.05)
    async with page(greedy, megabytes=5) as clients, asyncio.timeout(20):
        crowd = [clients.connect(ASK, receive_buffer=4096) for _ in range(30)]
        assert await clients.scrape(15) > 5 * MEGABYTE
        assert sum(one.unread for one in clients.serving.door.clients) < 2 * 8 * MEGABYTE
        assert len(crowd) == 30


async def test_who_does_not_read_does_not_hold_up_the_end() -> None:
    async with page(Limits(), megabytes=8) as clients:
        for sent in (ASK, ASK, b"", ALIVE):
            clients.connect(sent, receive_buffer=4096)
        await asyncio.sleep(0.3)
        began = time.monotonic()
        await clients.serving.cleanup()
        assert time.monotonic() - began < 2


async def test_what_is_no_request_is_answered_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with page() as clients, asyncio.timeout(5):
        for sent in (
            b"\x16\x03\x01 TLS\r\n\r\n",
            ASK[:-2] + b"X: " + b"y" * 20_000 + b"\r\n\r\n",
            b"GET\r\n\r\n",
        ):
            assert await read_to_end(clients.connect(sent)) > 0
            client = clients.connect(ALIVE + sent)
            assert await read_to_end(client) > 0
    assert not caplog.records


async def test_what_fails_unforeseen_is_logged_without_who_asked(caplog: pytest.LogCaptureFixture) -> None:
    async def failing(_: web.BaseRequest) -> web.Response:
        raise ConnectionResetError("gone")

    serving = await listen(web.ServerRunner(web.Server(failing)), "127.0.0.1:0", "A_SETTING", SHORT)
    try:
        with contextlib.ExitStack() as stack:
            client = Clients(serving, stack).connect(ALIVE)
            assert b" 500 " in await asyncio.get_running_loop().sock_recv(client, 4096)
    finally:
        await serving.cleanup()

    assert [record.message for record in caplog.records] == ["a request failed unforeseen"]
    assert "127.0.0.1" not in caplog.text


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(
        ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "X"]
    ),
    target=st.sampled_from(
        ["/metrics", "/livez", "/v1/campaigns/", "/", "*", "//", "http://h/livez", "/%00", "/é"]
    )
    | st.text(st.characters(codec="utf-8"), max_size=20).map("/{}".format),
    accept=st.binary(max_size=30) | st.sampled_from([b"text/plain;version=abc", b"x" * 8000, b"\xff\xfe"]),
)
def test_whatever_is_asked_the_answer_is_no_failure_of_ours(method: str, target: str, accept: bytes) -> None:
    async def ask() -> bytes:
        async with page() as clients, asyncio.timeout(5):
            head = f"{method} {target} HTTP/1.1\r\nHost: page\r\nConnection: close\r\nAccept: ".encode()
            client = clients.connect(head + accept + b"\r\n\r\n")
            return await asyncio.get_running_loop().sock_recv(client, 1 << 16)

    answer = asyncio.run(ask())
    assert re.match(rb"HTTP/1.[01] (200|400|404|405|414|431)\b", answer) or not answer, answer

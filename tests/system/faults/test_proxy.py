"""The proxy does to connections what its fields say."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.system.faults.proxy import Proxy


class Echo:
    """A server that answers each chunk with itself, and remembers what came."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard = b""
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._answer, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while chunk := connection.recv(100):
                self.heard += chunk
                connection.sendall(chunk)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy() as started:
        started.forward(echo.address)
        yield started


def connect(proxy: Proxy) -> socket.socket:
    host, port = proxy.address.split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def exchange(client: socket.socket, said: bytes) -> bytes:
    """Say something and give the answer; nothing where the connection ended."""
    try:
        client.sendall(said)
        return client.recv(100)
    except ConnectionError:
        return b""


def test_it_forwards_until_it_is_cut_and_then_again(proxy: Proxy) -> None:
    with connect(proxy) as client:
        assert exchange(client, b"one") == b"one"
        proxy.cut()
        assert exchange(client, b"two") == b""
    with connect(proxy) as client:
        assert exchange(client, b"three") == b"three"


def test_it_refuses_new_connections_alone(proxy: Proxy) -> None:
    with connect(proxy) as old:
        assert exchange(old, b"one") == b"one"
        proxy.refusing = True
        with connect(proxy) as new:
            assert exchange(new, b"two") == b""
        assert exchange(old, b"three") == b"three"


def test_it_delays_each_chunk_both_ways(proxy: Proxy) -> None:
    proxy.delay = 0.2
    with connect(proxy) as client:
        began = time.monotonic()
        assert exchange(client, b"one") == b"one"
        assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(("way", "heard"), [("stalled", b""), ("mute", b"one")])
def test_what_it_keeps_back_is_lost_when_it_is_cut(proxy: Proxy, echo: Echo, way: str, heard: bytes) -> None:
    setattr(proxy, way, True)
    with connect(proxy) as client:
        client.sendall(b"one")
        client.settimeout(0.5)
        with pytest.raises(TimeoutError):
            client.recv(100)
        proxy.cut()
        proxy.heal()
        client.settimeout(20)
        assert exchange(client, b"two") == b""
    assert echo.heard == heard


def test_without_a_server_it_ends_connections(echo: Echo, proxy: Proxy) -> None:
    proxy.forward("127.0.0.1:1")
    with connect(proxy) as client:
        assert exchange(client, b"one") == b""

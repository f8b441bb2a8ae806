"""A small TCP proxy that makes the way to a server slow, cuts it, or refuses it."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

from tests.system.support.processes import lasting_port

CHUNK = 65_536


class Proxy:
    """Forwards connections to a server, as its fields say at the moment.

    Attributes:
        address: where it listens; the same whatever happens to the server.
        delay: seconds that every chunk waits, each way.
        refusing: whether new connections are closed at once.
        stalled: whether nothing is forwarded, though connections stay.
        mute: whether the server's answers are kept back, though what clients send arrives.

    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", lasting_port()))
        self._listener.settimeout(0.2)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.delay = 0.0
        self.refusing = self.stalled = self.mute = False
        self._target = ""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def forward(self, target: str) -> None:
        """Name the server; until then connections are refused."""
        self._target = target

    def cut(self) -> None:
        """Break every connection off."""
        with self._lock:
            found = list(self._open)
        for connection in found:
            _break_off(connection)

    def heal(self) -> None:
        """Forward as if nothing had been."""
        self.delay, self.refusing, self.stalled, self.mute = 0.0, False, False, False

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._accepting.join()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listener.accept()
                self._connect(client)

    def _connect(self, client: socket.socket) -> None:
        client.settimeout(None)
        server = self._reach()
        if server is None:
            _break_off(client)
            client.close()
            return
        with self._lock:
            self._open |= {client, server}
        threading.Thread(target=self._join, args=(client, server), daemon=True).start()

    def _reach(self) -> socket.socket | None:
        if self.refusing or not self._target:
            return None
        try:
            server = socket.create_connection(_place(self._target), timeout=5)
        except OSError:
            return None
        server.settimeout(None)
        return server

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        """Forward both ways until either side ends, then end both."""
        back = threading.Thread(target=self._pump, args=(server, client, True), daemon=True)
        back.start()
        self._pump(client, server, False)
        back.join()
        with self._lock:
            self._open -= {client, server}
        client.close()
        server.close()

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                time.sleep(self.delay)
                while (self.stalled or (self.mute and answers)) and not self._closing.is_set():
                    time.sleep(0.05)
                sink.sendall(chunk)
        for connection in (source, sink):
            _break_off(connection)


def _place(address: str) -> tuple[str, int]:
    host, port = address.rsplit(":", 1)
    return host, int(port)


def _break_off(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)

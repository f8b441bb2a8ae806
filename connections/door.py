"""Lets clients in and, in time, out again: those that ask nothing, ask by halves, or do not read the answer.

aiohttp waits for any of them for ever, and asyncio logs a hundred times a second that no file descriptor is
left; so connections are accepted, counted and looked after here.
"""

import asyncio
import contextlib
import logging
import resource
import socket
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from connections.patience import READING, Limits, Progress

log = logging.getLogger(__name__)
_BACKLOG = 128
_LOG_EVERY = 60.0


class Client(web.RequestHandler):
    """A connection: aiohttp's, and how far it is."""

    __slots__ = ("_door", "progress", "wire")

    def __init__(self, door: "Door", server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, access_log=None, **door.options)  # type: ignore[arg-type]  # as AppRunner does
        self._door = door
        self.progress = Progress(door.now)
        self.wire: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport: aiohttp forgets it before all is sent."""
        super().connection_made(transport)
        # uvloop's transports are none of asyncio's classes.
        self.wire = cast(asyncio.Transport, transport)
        self._door.clients[self] = None

    def connection_lost(self, exc: BaseException | None) -> None:
        """Leave room for another."""
        super().connection_lost(exc)
        self._door.leave(self)

    def data_received(self, data: bytes) -> None:
        """Note that something is asked."""
        self.progress.received(self._door.now, len(data))
        super().data_received(data)
        if self.progress.stage == "asking" and self.progress.asked > self._door.limits.head:
            self._door.malformed()
            self.drop()

    async def begin(self) -> None:
        """Note that a request is there; return when it may be answered."""
        self.began()
        await self._door.room_to_answer()

    def began(self) -> None:
        """Note that a request is there, but for its body, and is being answered."""
        self.progress.began(self._door.now)

    async def finish_response(
        self, request: web.BaseRequest, *args: Any, **options: Any
    ) -> tuple[web.StreamResponse, bool]:
        """Write an answer; the last of it may still be unread when this returns."""
        try:
            return await super().finish_response(request, *args, **options)
        finally:
            # The rest of a body that was refused is no new request; aiohttp waits for it, and ends then.
            if request.content.is_eof():
                self.progress.ended(self._door.now)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, and what failed unforeseen; the connection ends with it."""
        answer = self._door.malformed() if isinstance(exc, HttpProcessingError) else None
        if answer is None or request.writer.output_size:
            return super().handle_error(request, status, exc, message)
        answer.force_close()
        return answer

    def log_exception(self, *_: Any, **options: Any) -> None:
        """Log what failed, and not who asked, whom aiohttp would name; nor what is no HTTP."""
        if not isinstance(options.get("exc_info"), HttpProcessingError):
            super().log_exception("a request failed unforeseen", **options)

    @property
    def unread(self) -> int:
        """How many bytes that were written are not read yet, nor on their way."""
        return self.wire.get_write_buffer_size() if self.wire else 0

    def drop(self) -> None:
        """Close the connection, whatever is still to be sent."""
        if self.wire is not None:
            self.wire.abort()


class Door:
    """Listens, and holds connections to limits; `now` is its clock, in seconds.

    The clock goes on with each look, by at most twice the time between two: while the process stands still,
    nobody has had time. `options` are of aiohttp's RequestHandler. `malformed` is told of each request that
    is no HTTP, and makes the answer; without one it is aiohttp's.
    """

    def __init__(
        self,
        server: web.Server,
        limits: Limits,
        options: Mapping[str, Any] = MappingProxyType({}),
        malformed: Callable[[], web.StreamResponse | None] = lambda: None,
    ) -> None:
        self.now = 0.0
        self.clients: dict[Client, None] = {}
        self.options = options
        self.malformed = malformed
        self.limits = limits
        self._server = server
        self._most = min(limits.connections, _descriptors() // 4)
        self._sockets: list[socket.socket] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._last_logged = -_LOG_EVERY

    @property
    def addresses(self) -> list[Any]:
        """Where it listens."""
        return [one.getsockname() for one in self._sockets]

    async def open(self, host: str, port: int, *, shared: bool = False) -> None:
        """Listen; other processes of ours may at a `shared` port.

        Raises:
            OSError: the address cannot be listened at.

        """
        self._sockets = await bound(host, port, shared=shared)
        for one in self._sockets:
            one.listen(_BACKLOG)
        self._tasks = [asyncio.create_task(self._accept(one)) for one in self._sockets]
        self._tasks.append(asyncio.create_task(self._look_after()))

    async def close(self) -> None:
        """Let nobody in, and out whoever has no answer in the making."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in self._sockets:
            one.close()
        for client in list(self.clients):
            if client.unread or client.progress.stage != "answered for":
                client.drop()

    def leave(self, client: Client) -> None:
        """Note that a connection is gone."""
        self.clients.pop(client, None)
        self._changed.set()

    async def room_to_answer(self) -> None:
        """Wait until those who do not read hold no more than they may together."""
        while sum(client.unread for client in self.clients) > self.limits.unread:
            if not self._give_way(reading=True):
                await self._next_change()

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError as error:
                # No file descriptor is left, or a connection was gone before it was accepted.
                self._say("a connection cannot be accepted: %s", error.strerror)
                self._give_way()
                # Its file descriptor is free only then: without a wait each of them would give way.
                await self._next_change()
                continue
            with contextlib.suppress(OSError):
                await loop.connect_accepted_socket(lambda: Client(self, self._server, loop), accepted)
            # Only now that one more is there: the others may stay until their room is needed.
            while len(self.clients) > self._most:
                self._say("%d connections are open, as many as may be", self._most)
                if not self._give_way():
                    await self._next_change()

    def _give_way(self, *, reading: bool = False) -> bool:
        """Drop the connection that is worth least, or of those that read; return whether there was one."""
        ranked = [
            (worth, number, client)
            for number, client in enumerate(self.clients)
            if (worth := client.progress.worth(self.now)) is not None and (not reading or worth[0] == READING)
        ]
        if not ranked:
            return False
        _, _, client = min(ranked)
        client.drop()
        # It is told of its end later; meanwhile another is to be chosen.
        self.clients.pop(client, None)
        return True

    async def _next_change(self) -> None:
        """Wait until a connection is gone, or for the next look."""
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), self.limits.look_every)

    async def _look_after(self) -> None:
        every = self.limits.look_every
        before = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(every)
            now = asyncio.get_running_loop().time()
            self.now += min(now - before, 2 * every)
            before = now
            for client in list(self.clients):
                client.progress.look(client.unread, self.now)
                if client.progress.is_overdue(self.limits, self.now):
                    client.drop()

    def _say(self, sentence: str, *arguments: object) -> None:
        """Log, but not again within a minute: whoever connects could fill the disk."""
        now = asyncio.get_running_loop().time()
        if now - self._last_logged >= _LOG_EVERY:
            self._last_logged = now
            log.warning(f"{sentence}; those that ask nothing or read nothing are closed", *arguments)


async def bound(host: str, port: int, *, shared: bool = False) -> list[socket.socket]:
    """Bind a socket to each address of a host, for any process of ours that is to share the port.

    Raises:
        OSError: an address cannot be had.

    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    with contextlib.ExitStack() as opened:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = opened.enter_context(socket.socket(family, kind, protocol))
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if shared:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(address)
            sockets.append(one)
        opened.pop_all()
    return sockets


def _descriptors() -> int:
    """Return how many file descriptors this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft

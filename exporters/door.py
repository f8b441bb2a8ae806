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
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from exporters.patience import READING, Limits, Progress

log = logging.getLogger(__name__)
_BACKLOG = 128
_LOG_EVERY = 60.0


class Client(web.RequestHandler):
    """A connection: aiohttp's, and how far it is."""

    __slots__ = ("_door", "progress", "wire")

    def __init__(self, door: "Door", server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(server, loop=loop, access_log=None)  # type: ignore[arg-type]  # as AppRunner does
        self._door = door
        self.progress = Progress(door.now)
        self.wire: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport: aiohttp forgets it before all is sent."""
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        self.wire = transport
        self._door.clients[self] = None

    def connection_lost(self, exc: BaseException | None) -> None:
        """Leave room for another."""
        super().connection_lost(exc)
        self._door.leave(self)

    def data_received(self, data: bytes) -> None:
        """Note that something is asked."""
        self.progress.received(self._door.now)
        super().data_received(data)

    async def begin(self) -> None:
        """Note that a request is whole; return when it may be answered."""
        self.progress.began(self._door.now)
        await self._door.room_to_answer()

    async def finish_response(self, *args: Any, **options: Any) -> tuple[web.StreamResponse, bool]:
        """Write an answer; the last of it may still be unread when this returns."""
        try:
            return await super().finish_response(*args, **options)
        finally:
            self.progress.ended(self._door.now)

    def log_exception(self, *args: Any, **options: Any) -> None:
        """Log what failed, not what anybody can send that is no HTTP."""
        if not isinstance(options.get("exc_info"), HttpProcessingError):
            super().log_exception(*args, **options)

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

    The clock goes on with each look, by at most twice the time between two: while the worker stands still,
    nobody has had time.
    """

    def __init__(self, server: web.Server, limits: Limits) -> None:
        self.now = 0.0
        self.clients: dict[Client, None] = {}
        self._server = server
        self._limits = limits
        self._most = min(limits.connections, _descriptors() // 4)
        self._sockets: list[socket.socket] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._last_logged = -_LOG_EVERY

    @property
    def addresses(self) -> list[Any]:
        """Where it listens."""
        return [one.getsockname() for one in self._sockets]

    async def open(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            OSError: the address cannot be listened at.

        """
        loop = asyncio.get_running_loop()
        bound = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
        self._sockets = [one.dup() for one in bound.sockets]
        bound.close()
        for one in self._sockets:
            one.setblocking(False)
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
        while sum(client.unread for client in self.clients) > self._limits.unread:
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
            await asyncio.wait_for(self._changed.wait(), self._limits.look_every)

    async def _look_after(self) -> None:
        every = self._limits.look_every
        before = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(every)
            now = asyncio.get_running_loop().time()
            self.now += min(now - before, 2 * every)
            before = now
            for client in list(self.clients):
                client.progress.look(client.unread, self.now)
                if client.progress.is_overdue(self._limits, self.now):
                    client.drop()

    def _say(self, sentence: str, *arguments: object) -> None:
        """Log, but not again within a minute: whoever connects could fill the disk."""
        now = asyncio.get_running_loop().time()
        if now - self._last_logged >= _LOG_EVERY:
            self._last_logged = now
            log.warning(f"{sentence}; those that ask nothing or read nothing are closed", *arguments)


def _descriptors() -> int:
    """Return how many file descriptors this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft

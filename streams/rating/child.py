"""A process that rates, as its worker sees it: what it says, message by message, and its end."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import Any, Self, cast

from streams.rating.messages import LENGTH_BYTES, length_of

_LONGEST = 1_000_000
"""What it says is short; a length beyond comes of something that has written between its messages."""
_SAYS = 1


class Garbled(Exception):
    """What it says is no message."""


class Child(asyncio.SubprocessProtocol):
    """A process in a group of its own, with all that its model may start.

    Whatever that leaves behind may hold the pipes open: so the process has ended when it has exited, and the
    pipes are closed from here.
    """

    def __init__(self) -> None:
        self._said = asyncio.StreamReader()
        self._exited = asyncio.Event()
        self._transport: asyncio.SubprocessTransport | None = None

    @classmethod
    async def start(cls, **options: Any) -> Self:
        """Start it, with options of `subprocess.Popen`; it ends with the worker (streams.rating.__main__).

        Raises:
            OSError: there is no memory, or there are too many processes.

        """
        # Not from where the worker happens to stand: what lies there may have the names of our packages.
        command = (sys.executable, "-P", "-m", "streams.rating", str(os.getpid()))
        loop = asyncio.get_running_loop()
        own = {"stderr": None, "start_new_session": True, **options}
        _, child = await loop.subprocess_exec(cls, *command, **own)
        return child

    @property
    def pid(self) -> int:
        """Return its number, which is that of its group, too."""
        return self._running.get_pid()

    @property
    def has_exited(self) -> bool:
        """Whether it is gone, though what it left behind may go on."""
        return self._exited.is_set()

    def send(self, message: bytes) -> None:
        """Say something to it."""
        cast(asyncio.WriteTransport, self._running.get_pipe_transport(0)).write(message)

    async def message(self) -> bytes:
        """Return what it says next.

        Raises:
            EOFError: it says no more.
            Garbled: it is no message.

        """
        length = length_of(await self._said.readexactly(LENGTH_BYTES))
        if length > _LONGEST:
            raise Garbled
        return await self._said.readexactly(length)

    async def end(self, grace: float) -> int:
        """Kill it, and what it has started, unless it exits within seconds; return its exit code."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self._exited.wait()
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self._running.close()
            await self._exited.wait()
        return cast(int, self._running.get_returncode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the pipes."""
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take what it says."""
        if fd == _SAYS:
            self._said.feed_data(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Note that it says no more."""
        if fd == _SAYS:
            self._said.feed_eof()

    def process_exited(self) -> None:
        """Note that it is gone."""
        self._exited.set()

    @property
    def _running(self) -> asyncio.SubprocessTransport:
        assert self._transport is not None
        return self._transport

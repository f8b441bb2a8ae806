"""Requests over some connections that stay open, one after the other on each, and how long each took."""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

_CODE = slice(9, 12)
_LENGTH = b"content-length:"
Requests = Callable[[int], bytes]
"""Make the request of a number, which no other has."""


class Load(NamedTuple):
    """What became of requests: seconds of each answered 200, and how many were answered otherwise."""

    seconds: list[float]
    wrong: int
    wall: float

    @property
    def rate(self) -> float:
        """Return the requests answered a second."""
        return len(self.seconds) / self.wall

    def within(self, share: float) -> float:
        """Return within how many seconds a share of them was answered."""
        return sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


async def load(port: int, requests: Requests, connections: int, seconds: float, first: int) -> Load:
    """Send for so many seconds; numbers begin at `first`."""
    took: list[float] = []
    wrong = 0
    numbers = iter(range(first, 1 << 62))
    began = time.monotonic()

    async def one() -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (sent := time.monotonic()) < began + seconds:
            writer.write(requests(next(numbers)))
            if await _answer(reader) == b"200":
                took.append(time.monotonic() - sent)
            else:
                wrong += 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return Load(took, wrong, time.monotonic() - began)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """Read a whole answer; return its code."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)), 0)
    await reader.readexactly(length)
    return head[_CODE]

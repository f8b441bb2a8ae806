"""Attacks over raw sockets on a collector that runs, and what came of them."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.integration.collector.attacks import AGENT, KINDS, PIXEL, Attack
from tests.integration.collector.hostile_parts import bombs, get

_AT_ONCE = 24
_PATIENCE_SECONDS = 30.0
_LEAVES_SECONDS = 0.1
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class Assault:
    """Attacks on the process that listens at an address.

    `answered` counts the statuses of the answers by kind of attack, `sent` the requests that were sent in
    whole or part; `memory` is what the process had after each tenth of all, `peak` the most that it ever had;
    `wrong` is what must not be.
    """

    def __init__(self, address: str, pid: int) -> None:
        self.answered: dict[str, Counter[int]] = {kind: Counter() for kind in KINDS}
        self.sent = 0
        self.memory: list[int] = []
        self.peak = 0
        self.wrong: list[str] = []
        self._host, _, self._port = address.rpartition(":")
        self._pid = pid
        self._draw = random.Random(1)
        # Made now: it takes seconds, in which nobody would read an answer.
        bombs()

    async def strike(self, times: int) -> None:
        """Attack so many times, in each way as often."""
        for _ in range(10):
            kinds = iter([kind for _ in range(times // 10 // len(KINDS)) for kind in KINDS])
            async with asyncio.TaskGroup() as group:
                for _ in range(_AT_ONCE):
                    group.create_task(self._strike(kinds))
            self.memory.append(_memory(self._pid, "VmRSS"))
        self.peak = _memory(self._pid, "VmHWM")

    async def look(self) -> None:
        """See ten times a second that others are served, until cancelled."""
        while True:
            for path in (b"/livez", PIXEL):
                await self._attack("well_behaved", Attack((get(path, AGENT),)))
            await asyncio.sleep(0.1)

    def total(self, which: Callable[[int], bool] = lambda _: True) -> int:
        """Count the answers of some statuses."""
        return sum(
            count for found in self.answered.values() for status, count in found.items() if which(status)
        )

    async def _strike(self, kinds: Iterator[str]) -> None:
        for kind in kinds:
            await self._attack(kind, KINDS[kind](self._draw))

    async def _attack(self, kind: str, attack: Attack) -> None:
        self.sent += attack.requests
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self.answered[kind].update(await self._answers(attack))
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            self.wrong.append(f"{kind}: {type(error).__name__} after {attack.pieces[0][:200]!r}")

    async def _answers(self, attack: Attack) -> list[int]:
        """Return the statuses of the answers; who does not stay takes those that come at once."""
        reader, writer = await asyncio.open_connection(self._host, int(self._port))
        statuses: list[int] = []
        try:
            if attack.stays:
                await _send(writer, attack)
                await self._read(reader, attack, statuses)
            else:
                with suppress(TimeoutError, OSError, asyncio.IncompleteReadError):
                    async with asyncio.timeout(_LEAVES_SECONDS):
                        await _send(writer, attack)
                        await self._read(reader, attack, statuses)
        finally:
            writer.transport.abort()
        return statuses

    async def _read(self, reader: asyncio.StreamReader, attack: Attack, statuses: list[int]) -> None:
        for _ in range(attack.requests):
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length and not attack.bodiless:
                await reader.readexactly(int(length[1]))
            if b"\nx-injected" in head.lower():
                self.wrong.append(f"a header was injected: {head!r}")
            statuses.append(int(head[9:12]))


async def _send(writer: asyncio.StreamWriter, attack: Attack) -> None:
    for piece in attack.pieces:
        writer.write(piece)
        await writer.drain()
        if attack.pause:
            await asyncio.sleep(attack.pause)


def _memory(pid: int, what: str) -> int:
    """Return the bytes of memory that a process has (`VmRSS`), or had at most (`VmHWM`)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0]) * 1024

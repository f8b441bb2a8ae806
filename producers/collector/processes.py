"""Several processes at one address: started, started again when one ends, and ended in order."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_SETTLED_SECONDS = 60.0
"""A process that lived so long did not end for what it found at its start."""
_HOPELESS_SECONDS = 10.0
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Supervised:
    """How processes are run: `start` starts the one of a slot, from 0; `say` tells of ends.

    `hopeless` are the exit codes with which a process says that starting it again is of no use.
    """

    start: Callable[[int], Awaitable[Process]]
    say: Callable[[str], None]
    hopeless: frozenset[int] = frozenset()


async def supervise(count: int, supervised: Supervised, told: asyncio.Event) -> int:
    """Run `count` processes until `told`; return 0, or the exit code of one that cannot start."""
    running: dict[int, Process] = {}
    slots = [asyncio.create_task(_slot(slot, supervised, told, running)) for slot in range(count)]
    try:
        codes = await asyncio.gather(*slots)
    finally:
        for task in slots:
            task.cancel()
        await _end(running)
    return next((code for code in codes if code), 0)


async def _slot(slot: int, supervised: Supervised, told: asyncio.Event, running: dict[int, Process]) -> int:
    clock, pause, first = asyncio.get_running_loop().time, _FIRST_PAUSE, True
    while not told.is_set():
        began = clock()
        try:
            process = running[slot] = await supervised.start(slot)
        except OSError as error:
            # No memory, or too many processes: a reason to wait, and none to end the others.
            how = f"could not be started ({error.strerror})"
        else:
            code = await _ended(process, told)
            if told.is_set():
                return 0
            if first and code in supervised.hopeless and clock() - began < _HOPELESS_SECONDS:
                told.set()
                return code
            how = f"ended ({_how(code)})"
        first = False
        pause = _FIRST_PAUSE if clock() - began > _SETTLED_SECONDS else pause
        supervised.say(f"process {slot} {how}; it is started again in {pause:g} s")
        await _told_within(told, pause)
        pause = min(_LONGEST_PAUSE, 2 * pause)
    return 0


async def _ended(process: Process, told: asyncio.Event) -> int:
    """Wait for the end of a process, or until told; return its exit code, 0 where it still runs."""
    ending, asked = asyncio.ensure_future(process.wait()), asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait([ending, asked], return_when=asyncio.FIRST_COMPLETED)
        return ending.result() if ending.done() else 0
    finally:
        ending.cancel()
        asked.cancel()


async def _told_within(told: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await told.wait()
    except TimeoutError:
        pass


async def _end(running: dict[int, Process]) -> None:
    """Tell all to end, and kill those that do not in time."""
    alive = [process for process in running.values() if process.returncode is None]
    for process in alive:
        process.terminate()
    if alive:
        await asyncio.wait([asyncio.ensure_future(one.wait()) for one in alive], timeout=_END_SECONDS)
    for process in alive:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"

"""What commands that send events share: how they are stopped, and how they show progress."""

import asyncio
import logging
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner

from commands.failure import Failure
from commands.printable import printable, say
from connections.kafka import KafkaUnavailable
from connections.topic_checks import TopicsMismatch, TopicsMissing
from models.times import parse_duration, parse_time

T = TypeVar("T")
Say = Callable[[str], None]

_PLAIN_LINE_EVERY = 5.0
_LIVE_LINE_EVERY = 0.25
_INTERRUPTED = 128


class DurationType(click.ParamType):
    """A duration such as 60s, in microseconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse the value, or fail with what it must be."""
        try:
            return value if isinstance(value, int) else parse_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class TimeType(click.ParamType):
    """An RFC 3339 time, in microseconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Parse the value, or fail with what it must be."""
        try:
            return value if isinstance(value, int) else parse_time(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Stop:
    """Whether SIGINT or SIGTERM has asked to stop, and which of them."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._asked = asyncio.Event()

    @property
    def asked(self) -> bool:
        """Whether a signal has asked to stop."""
        return self.signal is not None

    def ask(self, number: int) -> None:
        """Remember the first signal."""
        self.signal = self.signal or number
        self._asked.set()

    async def sleep(self, seconds: float) -> None:
        """Sleep until a time has passed or a stop is asked for."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)

    async def result_of(self, future: "asyncio.Future[T]") -> T | None:
        """Wait for a result; return None if a stop is asked for first."""
        asked = asyncio.ensure_future(self._asked.wait())
        either: list[asyncio.Future[Any]] = [future, asked]
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            asked.cancel()
        return future.result() if future.done() else None


@contextmanager
def stoppable(*, at_once: bool = False) -> Iterator[Stop]:
    """Take SIGINT and SIGTERM as a request to stop; a second one cancels the running task.

    With `at_once` the first one does.
    """
    stop, loop, task = Stop(), asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None

    def handle(number: int) -> None:
        if at_once or stop.asked:
            task.cancel()
        stop.ask(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, handle, number)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def run(sending: Coroutine[Any, Any, T]) -> T:
    """Run what sends; turn the errors that keep it from starting into a Failure.

    aiokafka's log, which repeats them for every attempt, is not shown; nor is asyncio's, which prints those
    that aiokafka keeps in futures of its own that nobody awaits.
    """
    for name in ("aiokafka", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        return asyncio.run(sending)
    except (KafkaUnavailable, TopicsMismatch, TopicsMissing) as error:
        raise Failure(str(error)) from None


@asynccontextmanager
async def progress(count: Callable[[], int], quiet: bool) -> AsyncIterator[Say]:
    """Show on stderr how many events there are so far; yield a function that prints a line beside it."""
    # With emoji, what is about line 100 of a file would be about 💯: `:100:` is the name of one.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def tell(line: str) -> None:
        console.print(printable(line))

    so_far = _SoFar(count)
    if quiet:
        yield tell
    elif console.is_terminal:
        with Live(Spinner("dots"), console=console, transient=True, auto_refresh=False) as live:
            async with _every(_LIVE_LINE_EVERY, lambda: live.update(so_far.spinner(), refresh=True)):
                yield tell
    else:
        async with _every(_PLAIN_LINE_EVERY, lambda: tell(so_far.line())):
            yield tell


def summary(done: Counter[str], verb: str, seconds: float | None = None) -> str:
    """Say how many events something was done to, in all and by topic."""
    topics = ", ".join(f"{topic} {count}" for topic, count in sorted(done.items()))
    took = "" if seconds is None else f" in {seconds:.1f} s"
    return f"{done.total()} events {verb}{took}{': ' + topics if topics else ''}"


def stopped(number: int, go_on: str) -> int:
    """Say which signal stopped the command and how to go on; return the exit code that shells know it by."""
    say(f"Stopped by {signal.Signals(number).name}. {go_on}", err=True)
    return _INTERRUPTED + number


class _SoFar:
    """A count as text, with how fast it has grown since it was last asked for."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count
        self._spinner = Spinner("dots")
        self._before = (0, time.monotonic())

    def line(self) -> str:
        count, now = self._count(), time.monotonic()
        before, then = self._before
        self._before = count, now
        return f"{count} events, {(count - before) / max(now - then, 1e-3):.0f}/s"

    def spinner(self) -> Spinner:
        self._spinner.update(text=self.line())
        return self._spinner


@asynccontextmanager
async def _every(seconds: float, action: Callable[[], None]) -> AsyncIterator[None]:
    async def repeat() -> None:
        while True:
            await asyncio.sleep(seconds)
            action()

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

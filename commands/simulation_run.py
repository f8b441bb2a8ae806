"""Send or write simulated events at their times, until the end or a signal."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

from commands.failure import Failure
from commands.sending import Stop, progress, stoppable
from models.settings import Settings
from models.topics import topic_of
from producers.files import writer
from producers.pacing import seconds_until
from producers.publisher import DeliveryFailed, Publisher, open_publisher
from producers.simulated import SimulatedEvent
from producers.truth import Truth

_SHORTEST_SLEEP = 0.002
_LET_OTHERS_RUN_EVERY = 1000


class Span(NamedTuple):
    """A span of simulated time, in microseconds; without an end it lasts until stopped."""

    first: int
    last: int | None


@dataclass
class Run:
    """What to send, and how far it got: `done` counts by topic."""

    events: Iterator[SimulatedEvent]
    truth: Truth | None
    done: Counter[str] = field(default_factory=Counter)
    undelivered: str | None = None


def bounded(
    events: Iterator[SimulatedEvent], count: int | None, last: int | None
) -> Iterator[SimulatedEvent]:
    """Yield the events up to a count and before a time, if these are given."""
    timely = events if last is None else takewhile(lambda event: event.at < last, events)
    return islice(timely, count)


async def publish(settings: Settings, run: Run, quiet: bool) -> int | None:
    """Send each event to Kafka at its time; return the signal that stopped it, if any."""
    with stoppable() as stop:
        try:
            async with (
                open_publisher(settings) as publisher,
                progress(publisher.acknowledged.total, quiet),
            ):
                run.done = publisher.acknowledged
                await _send(publisher, run, stop)
                await publisher.flush()
        except DeliveryFailed as error:
            run.undelivered = str(error)
        except asyncio.CancelledError:
            run.undelivered = "Stopped before Kafka acknowledged everything."
        return stop.signal


async def write(run: Run, file: str, quiet: bool) -> int | None:
    """Write to a file as fast as possible; return the signal that stopped it, if any.

    Raises:
        UnwritableFile: the file cannot be written.

    """
    with stoppable() as stop, writer(file) as put:
        async with progress(run.done.total, quiet):
            for number, event in enumerate(run.events):
                if number % _LET_OTHERS_RUN_EVERY == 0:
                    await asyncio.sleep(0)
                if stop.asked:
                    break
                put(event.value + b"\n")
                run.done[topic_of(event.type)] += 1
                if run.truth:
                    run.truth.add(event, event.at)
        return stop.signal


def write_truth(file: Path, truth: Truth, made_with: Mapping[str, object]) -> None:
    """Write the truth as JSON, with the arguments that it was made with."""
    text = json.dumps({**made_with, **truth.report()}, indent=2, ensure_ascii=False)
    try:
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise Failure(f"{file}: cannot be written ({error.strerror}).") from None


async def _send(publisher: Publisher, run: Run, stop: Stop) -> None:
    for event in run.events:
        wait = seconds_until(_now, event.at)
        if wait > _SHORTEST_SLEEP:
            await stop.sleep(wait)
        if stop.asked:
            return
        await publisher.send(topic_of(event.type), event.key, event.value)
        if run.truth:
            run.truth.add(event, _now())


def _now() -> int:
    return time.time_ns() // 1000

"""`kpis replay`: send the events of files to the topics."""

import asyncio
import shlex
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from commands.configuration import current_settings
from commands.failure import FAILED, Failure, WrongUse
from commands.printable import say
from commands.sending import Say, Stop, progress, run, stoppable, stopped, summary
from models.settings import Settings
from models.topics import INPUT_TOPICS
from producers.archives import UnreadableFile
from producers.files import STANDARD_STREAM, Line, read_lines
from producers.pacing import Pace
from producers.publisher import DeliveryFailed, Publisher, open_publisher
from producers.reading import in_daemon_thread
from producers.routing import NoRoute, route

_SHORTEST_SLEEP = 0.002


@dataclass
class _Replay:
    """What to replay, and how far it got: `position` is the first line not sent (file index, line)."""

    files: Sequence[str]
    from_line: int
    rate: float | None
    fallback_topic: str | None
    position: tuple[int, int]
    publisher: Publisher | None = None
    refused: int = 0
    unreadable: UnreadableFile | None = None
    undelivered: DeliveryFailed | None = None

    @property
    def acknowledged(self) -> Counter[str]:
        return self.publisher.acknowledged if self.publisher else Counter()

    def go_on(self) -> str:
        """Return the command that sends what is not acknowledged."""
        pending = self.publisher.first_unacknowledged if self.publisher else None
        file, line = pending if isinstance(pending, tuple) else self.position
        options = ["--topic", self.fallback_topic] if self.fallback_topic else []
        return shlex.join(["kpis", "replay", *options, "--from-line", str(line), *self.files[file:]])


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Events a second, at most.")
@click.option("--topic", type=click.Choice(list(INPUT_TOPICS)),
              help="Topic for lines without a known type; otherwise they are not sent.")  # fmt: skip
@click.option("--from-line", type=click.IntRange(min=1), default=1, show_default=True,
              help="Line of the first FILE to start at.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def command(
    context: click.Context,
    files: tuple[str, ...],
    rate: float | None,
    topic: str | None,
    from_line: int,
    quiet: bool,
) -> None:
    """Send the events of FILEs (NDJSON, plain, gzip or zstd; - for standard input) to Kafka, as they are.

    An event's type decides its topic, its campaign_id its partition. Events are not checked (`kpis validate`
    does that): workers refuse invalid ones. Lines without a known type are named and not sent.

    Exit codes: 0 all acknowledged; 1 some not sent or not acknowledged; 2 a file cannot be read.
    """
    for file in files:
        _require(file)
    replay = _Replay(files, from_line, rate, topic, (0, from_line))
    settings = current_settings()
    started = time.monotonic()
    stopped_by = run(_run(settings, replay, quiet))
    say(summary(replay.acknowledged, "acknowledged", time.monotonic() - started))
    context.exit(_ending(replay, stopped_by))


async def _run(settings: Settings, replay: _Replay, quiet: bool) -> int | None:
    """Replay; return the signal that stopped it, if any."""
    with stoppable() as stop:
        try:
            async with (
                open_publisher(settings) as replay.publisher,
                progress(replay.publisher.acknowledged.total, quiet) as say,
            ):
                await _send(replay, replay.publisher, stop, say)
                await replay.publisher.flush()
        except DeliveryFailed as error:
            replay.undelivered = error
        except asyncio.CancelledError:
            assert stop.asked
        return stop.signal


async def _send(replay: _Replay, publisher: Publisher, stop: Stop, say: Say) -> None:
    pace = Pace(replay.rate, time.monotonic()) if replay.rate else None
    try:
        async for line in _lines(replay, stop):
            wait = pace.wait(time.monotonic()) if pace else 0.0
            if wait > _SHORTEST_SLEEP:
                await stop.sleep(wait)
            if stop.asked:
                return
            await _send_line(replay, publisher, line, say)
            replay.position = (replay.position[0], line.number + 1)
    except UnreadableFile as error:
        replay.unreadable = error


async def _send_line(replay: _Replay, publisher: Publisher, line: Line, say: Say) -> None:
    try:
        topic, key = route(line.value, replay.fallback_topic)
    except NoRoute as error:
        replay.refused += 1
        say(f"{line.file}:{line.number}: {error}")
        return
    await publisher.send(topic, key, line.value, (replay.position[0], line.number))


async def _lines(replay: _Replay, stop: Stop) -> AsyncIterator[Line]:
    for number, file in enumerate(replay.files):
        first = replay.from_line if number == 0 else 1
        replay.position = (number, first)
        chunks = read_lines(file)
        while (chunk := await stop.result_of(in_daemon_thread(partial(next, chunks, None)))) is not None:
            for line in chunk:
                if line.number >= first:
                    yield line
        if stop.asked:
            return


def _require(file: str) -> None:
    if file != STANDARD_STREAM and not Path(file).exists():
        raise WrongUse(f"{file}: no such file.")
    if Path(file).is_dir():
        raise WrongUse(f"{file}: is a directory, not a file of events.")


def _ending(replay: _Replay, stopped_by: int | None) -> int:
    if replay.undelivered is not None:
        raise Failure(f"{replay.undelivered} Go on with: {replay.go_on()}")
    if replay.unreadable is not None:
        raise WrongUse(f"{replay.unreadable} What came before line {replay.position[1]} was sent.")
    if stopped_by is not None:
        return stopped(stopped_by, f"Go on with: {replay.go_on()}")
    if replay.refused:
        say(f"Error: {replay.refused} lines were not sent, for the reasons above.", err=True)
    return FAILED if replay.refused else 0

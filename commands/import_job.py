"""The run of `kpis import`: a file is read and judged, then what counts is sent: all of it, or nothing."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import click

from commands.failure import FAILED, Failure
from commands.importing import Judge, Tally
from commands.printable import printable, say
from commands.registered import load_registered
from commands.sending import Say, Stop, progress, stoppable, stopped, summary
from connections.redis import RedisUnavailable
from connections.registry import RegistryCorrupt
from models.campaigns.registry import Registry
from models.settings import Settings
from producers.imports.rows import RowReader
from producers.imports.table import Table
from producers.publisher import DeliveryFailed, open_publisher
from producers.routing import route

_IN_MEMORY = 16_000_000
_LET_OTHERS_RUN_EVERY = 500
_NAMES_SHOWN = 10
_AGAIN = "The same command again sends all of it: what has arrived changes nothing."


@dataclass
class ImportJob:
    """What to import, and how far it got; `unjudged` is why the campaigns are not known."""

    table: Table
    reader: RowReader
    tally: Tally
    dry_run: bool
    partly: bool
    quiet: bool
    unjudged: str = ""
    acknowledged: Counter[str] = field(default_factory=Counter)
    undelivered: DeliveryFailed | None = None

    @property
    def sends(self) -> bool:
        """Whether anything is sent: all or nothing, unless it was asked for."""
        return not self.dry_run and (self.partly or not self.tally.refused_rows)


async def run_job(settings: Settings, job: ImportJob) -> int | None:
    """Read, judge and send; return the signal that stopped it, if any."""
    known = await _registered(settings, job)
    with stoppable() as stop, tempfile.SpooledTemporaryFile(_IN_MEMORY) as judged:
        try:
            async with progress(job.tally.events.total, job.quiet) as tell:
                await _read(job, known, judged, stop, tell)
            if job.sends and not stop.asked:
                await _send(settings, job, judged, stop)
        except DeliveryFailed as error:
            job.undelivered = error
        except asyncio.CancelledError:
            assert stop.asked
        return stop.signal


async def _registered(settings: Settings, job: ImportJob) -> Registry | None:
    """Read the registered campaigns; None where Redis does not answer."""
    try:
        return await load_registered(settings) or Registry()
    except RedisUnavailable as error:
        job.unjudged = str(error)
        return None
    except RegistryCorrupt as error:
        raise Failure(str(error)) from None


async def _read(job: ImportJob, known: Registry | None, judged: IO[bytes], stop: Stop, tell: Say) -> None:
    judge, told = Judge(job.reader, known, job.tally), 0
    for number, row in enumerate(job.table.rows):
        judged.writelines(value + b"\n" for value in judge.judge(row, time.time_ns() // 1000))
        for line in job.tally.refusals[told:]:
            tell(line)
        told = len(job.tally.refusals)
        if number % _LET_OTHERS_RUN_EVERY == 0:
            await asyncio.sleep(0)
        if stop.asked:
            return


async def _send(settings: Settings, job: ImportJob, judged: IO[bytes], stop: Stop) -> None:
    judged.seek(0)
    async with (
        open_publisher(settings) as publisher,
        progress(publisher.acknowledged.total, job.quiet),
    ):
        job.acknowledged = publisher.acknowledged
        for line in judged:
            if stop.asked:
                break
            value = line.rstrip(b"\n")
            topic, key = route(value, None)
            await publisher.send(topic, key, value)
        await publisher.flush()


def conclude(job: ImportJob, stopped_by: int | None, seconds: float) -> int:
    """Say what was done and what was not; return the exit code.

    Raises:
        Failure: Kafka did not acknowledge all that was sent.

    """
    tally = job.tally
    for line in _notes(job):
        say(line, err=True)
    if job.dry_run and stopped_by is None:
        for events in tally.sample:
            click.echo(printable(events.decode(), keep="\n"))
        say(summary(tally.events, "would be sent"), err=True)
    if job.acknowledged or (job.sends and stopped_by is None):
        say(summary(job.acknowledged, "acknowledged", seconds))
    if job.undelivered is not None:
        raise Failure(f"{job.undelivered} {_AGAIN}")
    if stopped_by is not None:
        return stopped(stopped_by, _AGAIN)
    if tally.refused_rows and not job.sends:
        say("Error: nothing was sent. Correct rows or map, or send the others with --partly.", err=True)
    return FAILED if tally.refused_rows else 0


def _notes(job: ImportJob) -> Iterator[str]:
    tally = job.tally
    if tally.unlisted:
        names = ", ".join(list(tally.unlisted)[:_NAMES_SHOWN])
        more = f" and {len(tally.unlisted) - _NAMES_SHOWN} more" if len(tally.unlisted) > _NAMES_SHOWN else ""
        yield f"not in the map's contents, left out: {names}{more}"
    if job.unjudged:
        yield f"not judged: campaign, influencer, flight, currency. {job.unjudged}"
    if tally.unshown:
        yield f"… and {tally.unshown} more refusals"
    yield (
        f"{tally.rows} rows: {tally.events.total()} events, {tally.refused_rows} rows refused, "
        f"{tally.left_out} left out, {tally.repeated} events repeated"
    )

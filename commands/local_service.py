"""The worker and the simulator that `kpis up` starts and supervises."""

import asyncio
import sys
import time
from pathlib import Path

import commands
from commands.failure import FAIL_STOP, Failure
from commands.generation import current_settings_of
from commands.printable import say
from connections import registry
from connections.redis import connect
from connections.topic_admin import create_missing_topics
from connections.topic_checks import TopicsMismatch
from embedded.processes import Child, start_child
from embedded.reaper import SIGNALLED
from embedded.server import Server
from models.campaigns.document import empty_document, read_document
from models.campaigns.file import read_campaign_file
from models.settings import Settings
from producers.demo import demo_campaigns

_WORKER_GRACE_SECONDS = 20.0


class LocalService:
    """The child processes of `kpis up`; `settings` name the servers that it has started."""

    def __init__(self, settings: Settings, servers: dict[str, Server], folder: Path) -> None:
        self._settings = settings
        self._servers = servers
        self._folder = folder
        self._worker: Child | None = None
        self._simulator: Child | None = None
        self._reason = ""

    def start_worker(self) -> None:
        """Create missing topics and start the worker, which logs to worker.log in the data directory."""
        if self._settings.create_topics:
            asyncio.run(_create_topics(self._settings))
        self._run_worker()

    def _run_worker(self) -> None:
        self._worker = self._start("worker")

    def start_demo(self, rate: float) -> None:
        """Register the demo's campaigns unless they are running, and send their events since they began."""
        file = self._folder / "demo.yaml"
        now = time.time_ns() // 1000
        # A second start goes on with the flights of the first while they last.
        anew = not file.exists() or not _all_running(file, now)
        if anew:
            file.write_text(demo_campaigns(now), "utf-8")
        asyncio.run(_register(self._settings, file, now, anew=anew))
        options = ["--campaigns", str(file), "--rate", str(rate), "--catch-up"]
        self._simulator = self._start("simulate", "--quiet", *options)

    def look_after(self) -> None:
        """Restart a worker that stopped itself.

        Raises:
            Failure: a child ended for a reason that a restart would not mend.

        """
        if self._worker is not None:
            code = self._worker.poll()
            if code is not None:
                if code != FAIL_STOP and code < SIGNALLED:
                    raise Failure(f"The worker ended: {self._worker.last_lines()}")
                self._say(self._worker.last_lines())
                self._run_worker()
        if self._simulator is not None and self._simulator.poll() is not None:
            raise Failure(f"The simulation ended: {self._simulator.last_lines()}")

    def _say(self, last_lines: str) -> None:
        """Say why the worker stopped itself; the same again is not said again."""
        why = reason_of(last_lines)
        if why and why != self._reason:
            say(f"The worker stopped itself and is started again. {why}", err=True)
        self._reason = why

    def stop(self) -> None:
        """Stop the children, those that feed others first."""
        for child in (self._simulator, self._worker):
            if child is not None:
                child.stop(_WORKER_GRACE_SECONDS)

    def _start(self, name: str, *options: str) -> Child:
        source = Path(commands.__file__).parent.parent
        config = str(self._folder / "kpis.toml")
        command = [sys.executable, "-m", "commands", "--config", config, name, *options]
        return start_child(command, cwd=source, log=self._folder / f"{name}.log")


def reason_of(last_lines: str) -> str:
    """Return the error that a command ended with, from the last lines that it wrote; empty without one."""
    _, error, why = last_lines.rpartition("Error: ")
    return why.strip() if error else ""


async def _create_topics(settings: Settings) -> None:
    try:
        await create_missing_topics(await current_settings_of(settings))
    except TopicsMismatch as error:
        raise Failure(str(error)) from None


def _all_running(file: Path, now: int) -> bool:
    campaigns = read_campaign_file(str(file), file.read_text("utf-8")).declaration.campaigns
    return all(campaign.status(now) == "running" for campaign in campaigns)


async def _register(settings: Settings, file: Path, now: int, *, anew: bool) -> None:
    """Register the campaigns of a file, or those of them that are missing: a user may have changed others."""
    declared = read_campaign_file(str(file), file.read_text("utf-8")).declared
    redis = connect(settings)
    try:
        document = await registry.load_document(redis, settings.redis_prefix)
        known = read_document(document or empty_document())
        kept = set() if anew else known.campaigns.keys() - known.hidden
        campaigns = [campaign for campaign in declared["campaigns"] if campaign["id"] not in kept]
        if campaigns:
            await registry.apply(redis, settings.redis_prefix, {**declared, "campaigns": campaigns}, now)
    finally:
        await redis.aclose()

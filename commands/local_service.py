"""Worker, collector and simulator of `kpis up`: how they are run, and whether it is they who answer."""

import asyncio
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import commands
from commands.generation import current_settings_of
from connections import registry
from connections.kafka import KafkaUnavailable
from connections.redis import RedisUnavailable, connect
from connections.topic_admin import create_missing_topics
from connections.topic_checks import TopicsMismatch
from embedded import ServerFailed
from embedded.ports import required_port
from embedded.processes import Child, start_child
from embedded.server import Service
from models.campaigns.document import empty_document, read_document
from models.campaigns.file import CampaignFileError, read_campaign_file
from models.settings import Settings
from producers.demo import demo_campaigns

_PATIENCE_SECONDS = 2.0
_SOURCE = Path(commands.__file__).parent.parent


def worker_service(settings: Settings, folder: Path, lock: int) -> Service:
    """Say how the worker is run; it logs to worker.log in the data directory."""
    address = settings.metrics_address

    def spawn() -> Child:
        required_port("The worker", int(address.rpartition(":")[2]))
        # A name of its own, which others that read kpis.toml must not have.
        name = settings.instance or "kpis-up"
        return start_child(
            _command(folder, "worker"),
            cwd=_SOURCE,
            log=folder / "worker.log",
            inherit=[lock],
            variables={"KPIS_INSTANCE": name},
        )

    remedy = f"`kpis --config {folder / 'kpis.toml'} check` says what is missing"
    return Service("The worker", address, folder / "worker.log", spawn, _Own(address, "metrics on"), remedy)


def collector_service(settings: Settings, folder: Path, lock: int) -> Service:
    """Say how the collector is run; it logs to collect.log, and keeps secrets and spool in the directory."""
    address = settings.collect_address

    def spawn() -> Child:
        required_port("The collector", int(address.rpartition(":")[2]))
        return start_child(
            _command(folder, "collect"),
            cwd=_SOURCE,
            log=folder / "collect.log",
            inherit=[lock],
            variables={"KPIS_DATA_DIR": str(folder)},
        )

    remedy = f"`kpis --config {folder / 'kpis.toml'} check` says what is missing"
    own = _Own(address, "collecting on")
    return Service("The collector", address, folder / "collect.log", spawn, own, remedy)


def demo_service(settings: Settings, folder: Path, lock: int, rate: float) -> Service:
    """Say how the demo is run: its campaigns are registered, and their events sent since they began."""
    file = folder / "demo.yaml"

    def spawn() -> Child:
        try:
            asyncio.run(_prepare_demo(settings, file))
        except (KafkaUnavailable, RedisUnavailable, TopicsMismatch) as error:
            raise ServerFailed(str(error)) from None
        except CampaignFileError as error:
            raise ServerFailed(f"{file} is damaged ({error}): delete it") from None
        except OSError as error:
            raise ServerFailed(f"{file} cannot be written ({error.strerror})") from None
        options = ["--campaigns", str(file), "--rate", str(rate), "--catch-up"]
        simulate = _command(folder, "simulate", "--quiet", *options)
        return start_child(simulate, cwd=_SOURCE, log=folder / "simulate.log", inherit=[lock])

    remedy = "the campaigns and the worker go on without it"
    return Service("The simulation", "", folder / "simulate.log", spawn, lambda _: True, remedy)


class _Own:
    """Whether the process that we started answers: another may have taken its address in the same moment.

    It says `said`, and its address, once that is its own, and ends if it cannot be.
    """

    def __init__(self, address: str, said: str) -> None:
        self._address = address
        self._line = f"{said} http://{address}"
        self._seen: Child | None = None

    def __call__(self, child: Child) -> bool:
        if child is not self._seen and self._line not in child.last_lines(1000):
            return False
        self._seen = child
        return bool(read_page(self._address, "/livez"))


def read_page(address: str, path: str) -> str:
    """Return a page of a worker on this machine, whatever its status; empty where none answers."""
    # A proxy to the outside would not find it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AnyStatus())
    try:
        with opener.open(f"http://{address}{path}", timeout=_PATIENCE_SECONDS) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except (OSError, ValueError):
        return ""


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    """Take a page that says what is wrong (503) as a page."""

    def http_response(self, _: urllib.request.Request, response: object) -> object:
        """Return the answer as it is."""
        return response


def _command(folder: Path, name: str, *options: str) -> Sequence[str]:
    return [sys.executable, "-m", "commands", "--config", str(folder / "kpis.toml"), name, *options]


async def _prepare_demo(settings: Settings, file: Path) -> None:
    """Create the topics; write and register the demo's campaigns, where those of the last start are over."""
    if settings.create_topics:
        await create_missing_topics(await current_settings_of(settings))
    now = time.time_ns() // 1000
    # A second start goes on with the flights of the first while they last.
    anew = not file.exists() or not _all_running(file, now)
    if anew:
        file.write_text(demo_campaigns(now), "utf-8")
    await _register(settings, file, now, anew=anew)


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

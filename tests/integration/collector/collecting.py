"""A collector in the test's own loop, before a real Kafka and Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis

from connections import registry
from connections.listening import Serving
from models.settings import Settings
from models.times import DAY, format_time
from producers.collector.secrets_file import read_secrets
from producers.collector.serving import collecting
from tests.integration.commands import deployment
from tests.integration.running import now
from tests.system.support.processes import Process, free_port

KEY = "the-key-of-the-crm-system"
PIXEL = "/i.gif?c=glow&i=ana&k=r1&ch=instagram"
BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
}
TOKEN, HOOK_SECRET = "the-token-of-the-network", "the-secret-of-the-boutique"
SECRETS = f"""\
person_salt = "salt-salt-salt-salt"
[click_keys]
current = "click-key-click-key"
[api_keys.crm]
secrets = ["{KEY}"]
[postbacks.network]
secrets = ["{TOKEN}"]
proof = "token"
[hooks.boutique]
kind = "shopify"
secrets = ["{HOOK_SECRET}"]
campaign = "glow"
"""


def deployed(settings: Settings, folder: Path, **changed: Any) -> Settings:
    """Return the settings of a collector that keeps its events in a folder."""
    own = {"data_dir": folder, "collect_address": f"127.0.0.1:{free_port()}", "collect_rate": 0, **changed}
    return settings.model_copy(update=own)


@asynccontextmanager
async def collector(settings: Settings) -> AsyncIterator[tuple[Serving, aiohttp.ClientSession]]:
    """Run a collector, and a client of it."""
    failed = asyncio.Event()
    async with (
        collecting(settings, read_secrets(SECRETS, "secrets.toml"), now, failed.set) as serving,
        aiohttp.ClientSession(f"http://{settings.collect_address}", headers=BROWSER) as client,
    ):
        yield serving, client
    assert not failed.is_set(), "the collector has a defect: its log says which"


async def register_link(settings: Settings, redis: Redis) -> None:
    """Register a campaign that runs today and has a link."""
    link = {
        "id": "reel",
        "influencer": "ana",
        "content": "r1",
        "channel": "instagram",
        "to": "https://shop.example/",
    }
    flight = {"starts": format_time(now() - 2 * DAY), "ends": format_time(now() + 2 * DAY), "currency": "EUR"}
    declared = {"campaigns": [{"id": "glow", "name": "Glow", **flight, "links": [link]}]}
    await registry.apply(redis, settings.redis_prefix, declared, now())


def started(settings: Settings, folder: Path, address: str, *options: str) -> Process:
    """Start `kpis collect` as a user does, with no limit by address."""
    (folder / "secrets.toml").write_text(SECRETS)
    (folder / "secrets.toml").chmod(0o600)
    own = {"KPIS_COLLECT_ADDRESS": address, "KPIS_COLLECT_RATE": "0", "KPIS_DATA_DIR": str(folder)}
    return Process(["collect", *options], deployment(settings) | own, folder, f"collect-{free_port()}")


async def until_said(process: Process, what: str, times: int) -> None:
    """Wait until a process has said something so many times."""
    # On a busy machine three processes take a while to read their code.
    async with asyncio.timeout(90):
        while process.said().count(what) < times:
            assert process.exit_code is None, process.said()
            await asyncio.sleep(0.05)

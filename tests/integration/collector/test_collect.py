"""The collector before a real Kafka: what is answered is on the topics, whichever process answered it."""

import asyncio
import gzip
import json
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis

from connections.topics import input_topics, partition_of
from models.settings import Settings
from models.times import format_time
from tests.integration.collector.collecting import (
    BROWSER,
    KEY,
    PIXEL,
    collector,
    deployed,
    register_link,
    started,
    until_said,
)
from tests.integration.reading import read_at_least
from tests.integration.running import now
from tests.system.support.processes import Process, family, free_port


def event(event_id: str) -> dict[str, Any]:
    named = {"campaign_id": "glow", "influencer_id": "ana", "content_id": "r1", "channel": "instagram"}
    return {"type": "impression", "event_id": event_id, "event_time": format_time(now()), **named}


async def test_what_is_answered_2xx_is_on_its_topic_under_its_campaign_and_numbered(
    settings: Settings, redis: Redis, tmp_path: Path
) -> None:
    await register_link(settings, redis)
    sent = [event("b1"), event("b2")]
    async with collector(deployed(settings, tmp_path)) as (_, client):
        pixel = await client.get(f"{PIXEL}&e=p1")
        batch = await client.post(
            "/v1/events",
            data=gzip.compress(json.dumps(sent).encode()),
            headers={
                "Authorization": f"Bearer {KEY}",
                "Content-Encoding": "gzip",
                "Content-Type": "application/json",
            },
        )
        click = await client.get("/c/reel", allow_redirects=False)
        ready = await client.get("/readyz")
        page = await (await client.get("/metrics")).text()

    assert [pixel.status, batch.status, click.status, ready.status] == [200, 200, 302, 200]
    found = {
        json.loads(one.value or b"")["event_id"]: one
        for one in await read_at_least(settings, 4, *input_topics(settings))
    }
    assert len(found) == 4
    assert {"p1", "b1", "b2"} < set(found)
    assert [json.loads(found[one].value or b"") for one in ("b1", "b2")] == sent
    for name, one in found.items():
        headers = dict(one.headers)
        clicks = name not in ("p1", "b1", "b2")
        assert one.topic == f"{settings.topic_prefix}{'clicks' if clicks else 'impressions'}"
        assert (one.key, one.partition) == (b"glow", partition_of(b"glow", settings.partitions))
        assert set(headers) == {"kpis-producer", "kpis-sequence"}
    numbers = sorted(int(dict(one.headers)["kpis-sequence"]) for one in found.values())
    assert numbers == [0, 1, 2, 3]
    assert 'kpi_collector_events_total{endpoint="events",outcome="accepted"} 2.0' in page
    assert "kpi_collector_ack_seconds_count" in page


async def test_before_any_campaign_is_registered_it_is_not_ready_and_keeps_events(
    settings: Settings, tmp_path: Path
) -> None:
    alone = settings.model_copy(update={"redis_prefix": "nobody:"})
    async with collector(deployed(alone, tmp_path)) as (_, client):
        pixel = await client.get(PIXEL)
        click = await client.get("/c/reel", allow_redirects=False)
        ready = await client.get("/readyz")
        said = await ready.text()

    assert [pixel.status, click.status, ready.status] == [200, 503, 503]
    assert "kpis campaigns apply" in said
    assert len(await read_at_least(settings, 1, *input_topics(settings))) == 1


class TestProcesses:
    """`kpis collect --processes 2`, as a user starts it."""

    async def test_share_an_address_come_back_and_end_in_order(
        self, settings: Settings, redis: Redis, tmp_path: Path
    ) -> None:
        await register_link(settings, redis)
        address = f"127.0.0.1:{free_port()}"
        process = started(settings, tmp_path, address, "--processes", "2")
        try:
            await until_said(process, "collecting on", 2)
            first = await asked(address, 40)
            children = sorted(set(family(process.pid)) - {process.pid})
            assert len(children) == 2
            os.kill(children[0], signal.SIGKILL)
            await until_said(process, "collecting on", 3)
            second = await asked(address, 20)
            other = started(settings, tmp_path, address, "--processes", "2")
            in_use = await asyncio.to_thread(exit_code, other)
        finally:
            code = await asyncio.to_thread(process.stop, signal.SIGTERM, 12)

        assert (first, second) == (40, 60)
        assert code == 0
        assert "ended (signal 9); it is started again" in process.said()
        assert "Traceback" not in process.said()
        assert in_use == 1
        assert f"Cannot listen at {address}" in other.said()
        assert len(await read_at_least(settings, 60, *input_topics(settings))) == 60


def exit_code(process: Process) -> int | None:
    return process._process.wait(60)


async def asked(address: str, pixels: int) -> int:
    """Load pixels, each over its own connection; return how many all processes say there were."""
    for _ in range(pixels):
        async with (
            aiohttp.ClientSession(f"http://{address}", headers=BROWSER) as client,
            client.get(PIXEL) as answer,
        ):
            assert answer.status == 200
    async with aiohttp.ClientSession(f"http://{address}") as client, client.get("/metrics") as answer:
        page = await answer.text()
    line = 'kpi_collector_events_total{endpoint="pixel",outcome="accepted"} '
    return int(float(page.partition(line)[2].partition("\n")[0]))

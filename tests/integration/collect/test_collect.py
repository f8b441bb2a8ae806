"""The collector before a real Kafka: what is answered is on the topics, and nobody brings it down."""

import asyncio
import gzip
import io
import json
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
from redis.asyncio import Redis

from connections.topics import partition_of
from models.settings import Settings
from models.times import format_time
from tests.integration.collect.collecting import (
    BROWSER,
    KEY,
    SECRETS,
    collector,
    deployed,
    now,
    records_of,
    register_link,
)
from tests.system.support.processes import Process, family, free_port

PIXEL = "/i.gif?c=glow&i=ana&k=r1&ch=instagram"


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
    found = {json.loads(one.value or b"")["event_id"]: one for one in await records_of(settings, 4)}
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
    assert len(await records_of(settings, 1)) == 1


class TestHostile:
    """Bytes that no browser sends."""

    BOMB = gzip.compress(bytes(50_000_000))
    POST = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\n".encode()
    HTTP = b" HTTP/1.1\r\nHost: x\r\n"
    SENT = (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(60),
        b"GET /i.gif\r\n\r\n",
        b"GET /i.gif HTTP/9.9\r\n\r\n",
        b"\0" * 1000,
        b"GET /" + b"a" * 20_000 + HTTP + b"\r\n",
        b"GET /i.gif" + HTTP + b"X: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /i.gif" + HTTP + b"".join(b"X-%d: a\r\n" % number for number in range(500)) + b"\r\n",
        b"GET /i.gif" + HTTP + b"X: " + b"a" * 8000 + b"\r\n" * 1 + b"Y: " + b"b" * 8000 + b"\r\n"
        b"Z: " + b"c" * 8000 + b"\r\nW: " + b"d" * 8000 + b"\r\nV: " + b"e" * 8000 + b"\r\n\r\n",
        b"GET /c/reel%0d%0aSet-Cookie:%20a=b" + HTTP + b"\r\n",
        b"GET /c/reel?gclid=%0d%0aSet-Cookie:%20a=b" + HTTP + b"\r\n",
        b"GET /\xff\xfe?\xff=\xc3\x28" + HTTP + b"User-Agent: \xff\xfe\r\n\r\n",
        b"GET http://x/i.gif HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nabc",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 99999999999999999999\r\n\r\n",
        POST + b"Content-Length: 5000000\r\n\r\n" + b"x" * 5_000_000,
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2]\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65_536 + b"\r\n" * 40,
        POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB,
        POST + b"Content-Encoding: zstd\r\nContent-Length: 4\r\n\r\nabcd",
        POST + b"Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}",
        b"GET /livez" + HTTP + b"\r\n" + b"GET /robots.txt" + HTTP + b"\r\n" * 50,
    )

    @staticmethod
    async def told(address: str, sent: bytes) -> bytes:
        """Send bytes, and return what is answered within a time."""
        host, _, port = address.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(sent)
            async with asyncio.timeout(3):
                return await reader.read(65_536)
        except (TimeoutError, ConnectionError):
            return b""
        finally:
            writer.close()

    async def test_has_an_answer_of_ours_or_none_and_is_counted(
        self, settings: Settings, redis: Redis, tmp_path: Path
    ) -> None:
        await register_link(settings, redis)
        own = deployed(settings, tmp_path)
        async with collector(own) as (serving, client):
            before = memory()
            answers = [await self.told(own.collect_address, sent) for sent in self.SENT]
            grown = memory() - before
            live = await client.get("/livez")
            page = await (await client.get("/metrics")).text()

        assert live.status == 200
        statuses = [int(answer[9:12]) if answer else 0 for answer in answers]
        assert max(statuses) < 500, list(zip(statuses, self.SENT, strict=True))
        assert min(statuses) > 0, [
            sent[:60] for status, sent in zip(statuses, self.SENT, strict=True) if not status
        ]
        assert not any(b"\r\nSet-Cookie" in answer for answer in answers)
        counted = sum(float(line.split()[-1]) for line in page.splitlines() if "requests_total{" in line)
        assert counted >= len(self.SENT)
        assert grown < 100_000_000
        assert serving.door.clients == {}

    async def test_who_sends_too_much_is_told_and_counted_once(
        self, settings: Settings, redis: Redis, tmp_path: Path
    ) -> None:
        await register_link(settings, redis)
        async with collector(deployed(settings, tmp_path)) as (_, client):
            headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
            answer = await client.post("/v1/events", data=io.BytesIO(bytes(3_000_000)), headers=headers)
            page = await (await client.get("/metrics")).text()

        assert answer.status == 413
        assert 'code="400",endpoint="other"' not in page

    async def test_slow_clients_are_let_go(self, settings: Settings, redis: Redis, tmp_path: Path) -> None:
        await register_link(settings, redis)
        own = deployed(settings, tmp_path, collect_connections=20)
        host, _, port = own.collect_address.rpartition(":")
        async with collector(own) as (serving, client):
            slow = [await asyncio.open_connection(host, int(port)) for _ in range(60)]
            for _, writer in slow:
                writer.write(b"GET /i.gif HTTP/1.1\r\nX")
            await asyncio.sleep(1.2)
            answer = await client.get(PIXEL)

            assert answer.status == 200
            assert len(serving.door.clients) <= 21
            for _, writer in slow:
                writer.close()


def memory() -> int:
    """Return the bytes that this process takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class TestProcesses:
    """`kpis collect --processes 2`, as a user starts it."""

    @staticmethod
    def start(settings: Settings, folder: Path, address: str) -> Process:
        (folder / "secrets.toml").write_text(SECRETS)
        (folder / "secrets.toml").chmod(0o600)
        own = {
            "KPIS_KAFKA": settings.kafka,
            "KPIS_REDIS_URL": str(settings.redis_url),
            "KPIS_REDIS_PREFIX": settings.redis_prefix,
            "KPIS_TOPIC_PREFIX": settings.topic_prefix,
            "KPIS_COLLECT_ADDRESS": address,
            "KPIS_DATA_DIR": str(folder),
        }
        return Process(["collect", "--processes", "2"], own, folder, f"collect-{free_port()}")

    async def test_share_an_address_come_back_and_end_in_order(
        self, settings: Settings, redis: Redis, tmp_path: Path
    ) -> None:
        await register_link(settings, redis)
        address = f"127.0.0.1:{free_port()}"
        process = self.start(settings, tmp_path, address)
        try:
            await until_said(process, "collecting on", 2)
            first = await asked(address, 40)
            children = sorted(set(family(process.pid)) - {process.pid})
            assert len(children) == 2
            os.kill(children[0], signal.SIGKILL)
            await until_said(process, "collecting on", 3)
            second = await asked(address, 20)
            other = self.start(settings, tmp_path, address)
            in_use = await asyncio.to_thread(exit_code, other)
        finally:
            code = await asyncio.to_thread(process.stop, signal.SIGTERM, 12)

        assert (first, second) == (40, 60)
        assert code == 0
        assert "ended (signal 9); it is started again" in process.said()
        assert "Traceback" not in process.said()
        assert in_use == 1
        assert f"Cannot listen at {address}" in other.said()
        assert len(await records_of(settings, 60)) == 60


async def until_said(process: Process, what: str, times: int) -> None:
    # On a busy machine three processes take a while to read their code.
    async with asyncio.timeout(90):
        while process.said().count(what) < times:
            assert process.exit_code is None, process.said()
            await asyncio.sleep(0.05)


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

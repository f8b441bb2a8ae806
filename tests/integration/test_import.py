"""`kpis import` puts exactly what a file says on a real Kafka, and the same again with the same ids."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition
from redis.asyncio import Redis

from connections.topics import partition_of
from models.settings import Settings
from models.times import MINUTE, format_time
from tests.integration.running import CAMPAIGN, now
from tests.interrupts import interruptible

ROOT = Path(__file__).parents[2]
ROWS = 1000
Kpis = Callable[..., "subprocess.Popen[str]"]
MAP = f"""\
source: mine
campaign: {CAMPAIGN}
influencer: {{column: Who}}
content: {{column: Link, part: last_path_part}}
channel: instagram
figures:
  are: running_totals
  columns:
    - {{column: Views, type: impression}}
    - {{column: Likes, type: engagement, kind: like}}
"""


@pytest.fixture
def as_of() -> str:
    """Return a time within the campaign's flight."""
    return format_time(now() - MINUTE)


@pytest.fixture
def kpis(settings: Settings, redis: Redis, tmp_path: Path, as_of: str) -> Kpis:
    """Import a file of this test's directory with its map, beside a registry that knows its campaign."""
    (tmp_path / "map.yaml").write_text(MAP)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KPIS_KAFKA": settings.kafka,
        "KPIS_TOPIC_PREFIX": settings.topic_prefix,
        "KPIS_REDIS_URL": settings.redis_url,
        "KPIS_REDIS_PREFIX": settings.redis_prefix,
    }

    def start(*options: str) -> "subprocess.Popen[str]":
        command = ["import", "day.csv", "--map", "map.yaml", "--as-of", as_of, *options]
        with interruptible():
            return subprocess.Popen(
                [sys.executable, "-m", "commands", *command],
                cwd=tmp_path,
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )

    return start


def finish(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    return process.returncode, out, said


def write(directory: Path, rows: int, *more: str) -> None:
    lines = [f"https://x.example/p/post-{row}/,ana,{row * 3},{row}" for row in range(rows)]
    (directory / "day.csv").write_text("\n".join(["Link,Who,Views,Likes", *more, *lines]))


def records(settings: Settings, topic: str) -> list[tuple[int, bytes | None, bytes]]:
    """Read a topic to its end: partition, key and value."""
    consumer = Consumer(
        {"bootstrap.servers": settings.kafka, "group.id": "none", "enable.auto.commit": False}
    )
    name = settings.topic_prefix + topic
    found: list[tuple[int, bytes | None, bytes]] = []
    try:
        for number in range(settings.partitions):
            low, high = consumer.get_watermark_offsets(TopicPartition(name, number), timeout=10)
            consumer.assign([TopicPartition(name, number, low)])
            got: list[Any] = []
            while len(got) < high - low:
                got += [one for one in consumer.consume(high - low, timeout=1) if one.error() is None]
            found += [(number, one.key(), one.value()) for one in got]
        return found
    finally:
        consumer.close()


def expected(row: int, event_type: str, kind: str | None, total: int, time: str) -> dict[str, Any]:
    """Say what a cell must give; its id is the documented hash."""
    leaf = {
        "campaign_id": CAMPAIGN,
        "influencer_id": "ana",
        "content_id": f"post-{row}",
        "channel": "instagram",
    }
    said = [*leaf.values(), None, event_type, kind, "mine", time, total, None, None, None, None]
    digest = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()[:32]
    event = {
        "event_id": digest,
        "type": event_type,
        **leaf,
        "total": total,
        "event_time": time,
        "source": "mine",
    }
    return event | ({"kind": kind} if kind else {})


async def test_a_file_gives_exactly_its_records_and_the_same_file_again_the_same_ids(
    settings: Settings, kpis: Kpis, tmp_path: Path, as_of: str
) -> None:
    write(tmp_path, ROWS)
    for time in (1, 2):
        code, out, said = finish(kpis())
        assert code == 0, said
        assert out.startswith(f"{2 * ROWS} events acknowledged in ")
        assert f"engagements {ROWS}, impressions {ROWS}" in out
        views, likes = records(settings, "impressions"), records(settings, "engagements")
        assert [json.loads(value) for _, _, value in views] == time * [
            expected(row, "impression", None, row * 3, as_of) for row in range(ROWS)
        ]
        assert [json.loads(value) for _, _, value in likes] == time * [
            expected(row, "engagement", "like", row, as_of) for row in range(ROWS)
        ]
        place = (partition_of(CAMPAIGN.encode(), settings.partitions), CAMPAIGN.encode())
        assert {(partition, key) for partition, key, _ in views + likes} == {place}


async def test_a_row_that_workers_would_refuse_sends_nothing_unless_it_is_asked_for(
    settings: Settings, kpis: Kpis, tmp_path: Path
) -> None:
    write(tmp_path, 5, "https://x.example/p/post-x/,ana,many,1")
    code, _, said = finish(kpis())
    assert code == 1
    assert "day.csv:2: Views: many is no number" in said
    assert "nothing was sent" in said
    assert records(settings, "impressions") == records(settings, "engagements") == []

    code, out, _ = finish(kpis("--partly"))

    assert code == 1
    assert "engagements 6, impressions 5" in out
    assert len(records(settings, "engagements")) == 6


async def test_the_registry_is_asked_before_anything_is_sent(
    settings: Settings, kpis: Kpis, tmp_path: Path
) -> None:
    write(tmp_path, 2)
    code, _, said = finish(kpis("--campaign", "glwo"))
    assert code == 1
    assert "day.csv:2: unknown_campaign: campaign_id: no such campaign is registered" in said
    assert records(settings, "impressions") == []


async def test_one_that_was_interrupted_says_how_to_go_on_and_the_same_again_sends_all(
    settings: Settings, kpis: Kpis, tmp_path: Path
) -> None:
    write(tmp_path, 8_000, "https://x.example/p/post-x/,ana,many,1")
    importing = kpis("--partly", "--quiet")
    assert importing.stderr is not None
    assert "many is no number" in importing.stderr.readline()
    importing.send_signal(signal.SIGINT)
    code, _, said = finish(importing)
    assert code == 130
    assert "Stopped by SIGINT. The same command again sends all of it" in said

    before = len(records(settings, "impressions"))
    assert finish(kpis("--partly", "--quiet"))[0] == 1

    values = [value for _, _, value in records(settings, "impressions")]
    assert len(values) == before + 8_000
    assert len({json.loads(value)["event_id"] for value in values}) == 8_000

"""`kpis import` puts exactly what a file says on a real Kafka, and the same again with the same ids."""

import hashlib
import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from connections.topics import partition_of
from models.settings import Settings
from models.times import MINUTE, format_time
from tests.integration.commands import finish, start_command
from tests.integration.reading import Record, read_to_end
from tests.integration.running import CAMPAIGN, now

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

    def start(*options: str) -> "subprocess.Popen[str]":
        command = ["import", "day.csv", "--map", "map.yaml", "--as-of", as_of, *options]
        return start_command(settings, tmp_path, *command)

    return start


def write(directory: Path, rows: int, *more: str) -> None:
    lines = [f"https://x.example/p/post-{row}/,ana,{row * 3},{row}" for row in range(rows)]
    (directory / "day.csv").write_text("\n".join(["Link,Who,Views,Likes", *more, *lines]))


async def records(settings: Settings, topic: str) -> list[Record]:
    """Read a topic, given without prefix, to its end."""
    return await read_to_end(settings, settings.topic_prefix + topic)


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
        views = await records(settings, "impressions")
        likes = await records(settings, "engagements")
        assert [json.loads(one.value or b"") for one in views] == time * [
            expected(row, "impression", None, row * 3, as_of) for row in range(ROWS)
        ]
        assert [json.loads(one.value or b"") for one in likes] == time * [
            expected(row, "engagement", "like", row, as_of) for row in range(ROWS)
        ]
        place = (partition_of(CAMPAIGN.encode(), settings.partitions), CAMPAIGN.encode())
        assert {(one.partition, one.key) for one in views + likes} == {place}


async def test_a_row_that_workers_would_refuse_sends_nothing_unless_it_is_asked_for(
    settings: Settings, kpis: Kpis, tmp_path: Path
) -> None:
    write(tmp_path, 5, "https://x.example/p/post-x/,ana,many,1")
    code, _, said = finish(kpis())
    assert code == 1
    assert "day.csv:2: Views: many is no number" in said
    assert "nothing was sent" in said
    assert await records(settings, "impressions") == await records(settings, "engagements") == []

    code, out, _ = finish(kpis("--partly"))

    assert code == 1
    assert "engagements 6, impressions 5" in out
    assert len(await records(settings, "engagements")) == 6


async def test_the_registry_is_asked_before_anything_is_sent(
    settings: Settings, kpis: Kpis, tmp_path: Path
) -> None:
    write(tmp_path, 2)
    code, _, said = finish(kpis("--campaign", "glwo"))
    assert code == 1
    assert "day.csv:2: unknown_campaign: campaign_id: no such campaign is registered" in said
    assert await records(settings, "impressions") == []


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

    before = len(await records(settings, "impressions"))
    assert finish(kpis("--partly", "--quiet"))[0] == 1

    values = [one.value or b"" for one in await records(settings, "impressions")]
    assert len(values) == before + 8_000
    assert len({json.loads(value)["event_id"] for value in values}) == 8_000

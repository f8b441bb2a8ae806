"""The registry in a real Redis: all or nothing, versions that only rise, clear words for what is spoilt."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from connections import registry
from connections.redis import RedisUnavailable, connect
from connections.registry import RegistryCorrupt
from models.campaigns.registration import RegistryRefused
from models.settings import Settings
from models.times import DAY, format_time, parse_time

ROOT = Path(__file__).parents[2]
NOW = parse_time("2026-11-10T00:00:00Z")
MILLISECOND = 1000


@pytest.fixture
def prefix(unique_name: str) -> str:
    return f"{unique_name}:"


@pytest.fixture
async def redis(redis_url: str, prefix: str) -> AsyncIterator[Redis]:
    """Connect, and leave nothing of this test behind."""
    client = connect(Settings(redis_url=redis_url))
    yield client
    keys = [key async for key in client.scan_iter(f"{prefix}*")]
    if keys:
        await client.delete(*keys)
    await client.aclose()


def campaign(name: str = "glow", **fields: Any) -> dict[str, Any]:
    flight = {"starts": format_time(NOW - DAY), "ends": format_time(NOW + DAY)}
    return {"id": name, "name": name, **flight, "currency": "EUR", **fields}


def file(*campaigns: dict[str, Any]) -> dict[str, Any]:
    return {"campaigns": list(campaigns)}


async def ids(redis: Redis, prefix: str) -> list[str]:
    known = await registry.load(redis, prefix)
    assert known is not None
    return sorted(known.campaigns)


async def test_a_registry_that_was_never_written_is_none(redis: Redis, prefix: str) -> None:
    assert await registry.load(redis, prefix) is None
    assert await registry.load_document(redis, prefix) is None
    assert await registry.version(redis, prefix) is None


async def test_what_was_applied_is_loaded_with_its_version(redis: Redis, prefix: str) -> None:
    declared = {
        **file(campaign(grace="2d")),
        "currency_rates": {"date": "2026-11-01", "base": "EUR", "rates": {}},
    }

    changes = await registry.apply(redis, prefix, declared, NOW)

    known = await registry.load(redis, prefix)
    assert known is not None
    assert (changes.added, known.campaigns["glow"].grace) == (["glow"], 2 * DAY)
    assert known.version == await registry.version(redis, prefix) == NOW // MILLISECOND
    assert known.currency_rates is not None


async def test_every_write_raises_the_version_even_within_a_millisecond_or_with_a_clock_behind(
    redis: Redis, prefix: str
) -> None:
    versions = []
    for now in (NOW, NOW, NOW - DAY, NOW + MILLISECOND):
        await registry.apply(redis, prefix, file(campaign()), now)
        versions.append(await registry.version(redis, prefix))
    await registry.delete(redis, prefix, "glow", NOW)
    versions.append(await registry.version(redis, prefix))

    first = NOW // MILLISECOND
    assert versions == [first, first + 1, first + 2, first + 3, first + 4]


async def test_after_redis_was_emptied_the_next_version_is_higher_than_any_before(
    redis: Redis, prefix: str
) -> None:
    for _ in range(5):
        await registry.apply(redis, prefix, file(campaign()), NOW)
    before = await registry.version(redis, prefix)
    await redis.delete(f"{prefix}registry", f"{prefix}registry:version")

    changes = await registry.apply(redis, prefix, file(campaign()), NOW + 10 * MILLISECOND)

    after = await registry.version(redis, prefix)
    assert before is not None and after is not None
    assert after > before
    assert any("registry is new" in note for note in changes.notes)


async def test_deleting_from_an_emptied_redis_writes_no_empty_registry(redis: Redis, prefix: str) -> None:
    """A worker would take it, with its new version, for the deletion of every campaign."""
    assert await registry.delete(redis, prefix, "glow", NOW) is False
    assert await registry.version(redis, prefix) is None


async def test_deleting_what_is_not_there_changes_nothing(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)

    assert await registry.delete(redis, prefix, "glo", NOW + DAY) is False
    assert await registry.version(redis, prefix) == NOW // MILLISECOND
    assert await registry.delete(redis, prefix, "glow", NOW + DAY) is True
    assert await ids(redis, prefix) == []


async def test_a_refused_file_changes_nothing(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)

    with pytest.raises(RegistryRefused):
        await registry.apply(redis, prefix, file(campaign("new"), campaign(currency="USD")), NOW + DAY)

    assert await ids(redis, prefix) == ["glow"]
    assert await registry.version(redis, prefix) == NOW // MILLISECOND


async def test_writers_at_the_same_time_lose_nothing_of_one_another(redis: Redis, prefix: str) -> None:
    names = [f"c{number:02}" for number in range(20)]

    await asyncio.gather(*(registry.apply(redis, prefix, file(campaign(name)), NOW) for name in names))

    assert await ids(redis, prefix) == names
    assert await registry.version(redis, prefix) == NOW // MILLISECOND + len(names) - 1


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("registry", "{", "no JSON document"),
        ("registry", "[]", "no JSON document"),
        ("registry", '{"campaigns": []}', "no JSON document"),
        ("registry", '{"campaigns": {"glow": {"id": "glow"}}}', "campaigns.glow.name: required"),
        ("registry", b"\xff", "no JSON document"),
        ("registry:version", "new", "holds no version"),
    ],
)
async def test_what_was_spoilt_by_hand_is_named_with_its_key(
    redis: Redis, prefix: str, key: str, value: str | bytes, said: str
) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await redis.set(prefix + key, value)

    with pytest.raises(RegistryCorrupt, match=said) as caught:
        await registry.load(redis, prefix)
    assert prefix + key in str(caught.value)


async def test_a_document_that_is_lost_while_its_version_is_there_is_no_empty_registry(
    redis: Redis, prefix: str
) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await redis.delete(f"{prefix}registry")

    with pytest.raises(RegistryCorrupt, match="has lost the key"):
        await registry.load(redis, prefix)


async def test_a_spoilt_campaign_is_mended_by_its_file_or_deleted(redis: Redis, prefix: str) -> None:
    spoilt = {"campaigns": {"glow": {"id": "glow"}, "bad": {"id": "bad"}}}
    await redis.set(f"{prefix}registry", json.dumps(spoilt))

    changes = await registry.apply(redis, prefix, file(campaign()), NOW)
    document = await registry.load_document(redis, prefix)
    assert changes.replaced == ["glow"]
    assert [note for note in changes.notes if "campaigns.bad.name: required" in note]
    assert document is not None
    assert document["campaigns"]["bad"] == {"id": "bad"}, "stays as it is"
    assert await ids(redis, prefix) == ["glow"]

    assert await registry.delete(redis, prefix, "bad", NOW)
    known = await registry.load(redis, prefix)
    assert known is not None
    assert (list(known.campaigns), known.unreadable) == (["glow"], ())


async def test_a_pruning_apply_removes_what_cannot_be_read_too(redis: Redis, prefix: str) -> None:
    await redis.set(f"{prefix}registry", json.dumps({"campaigns": {"bad": None}}))

    changes = await registry.apply(redis, prefix, file(campaign()), NOW, prune=True)

    assert (changes.added, changes.removed, await ids(redis, prefix)) == (["glow"], ["bad"], ["glow"])


async def test_a_key_of_another_kind_is_a_sentence_of_redis(redis: Redis, prefix: str) -> None:
    await redis.rpush(f"{prefix}registry:version", "x")

    with pytest.raises(RedisUnavailable, match="WRONGTYPE"):
        await registry.version(redis, prefix)


async def test_where_no_redis_is_the_address_and_the_setting_are_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        address = f"127.0.0.1:{unused.getsockname()[1]}"
    client = connect(Settings(redis_url=f"redis://:hush@{address}/0"))

    with pytest.raises(RedisUnavailable, match="KPIS_REDIS_URL") as caught:
        await registry.load(client, "kpis:")
    await client.aclose()
    assert address in str(caught.value)
    assert "hush" not in str(caught.value)


@pytest.fixture
def kpis(redis_url: str, prefix: str, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run a command with this test's registry, in its directory."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        own = {"KPIS_REDIS_URL": redis_url, "KPIS_REDIS_PREFIX": prefix, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "commands", *arguments],
            cwd=tmp_path,
            env={**os.environ, **own},
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


@pytest.mark.usefixtures("redis")
def test_the_commands_apply_list_show_and_delete(
    kpis: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    path = tmp_path / "campaigns.yaml"
    path.write_text(json.dumps(file(campaign("one"), campaign("two", owner="NO"))))

    assert kpis("campaigns", "apply", "campaigns.yaml").stdout.split("\n")[:2] == ["added one", "added two"]
    listed = json.loads(kpis("campaigns", "list", "--json").stdout)
    assert [(row["id"], row["owner"]) for row in listed] == [("one", None), ("two", "NO")]
    shown = kpis("campaigns", "show", "two").stdout
    path.write_text(shown)
    assert kpis("campaigns", "apply", "--prune", "campaigns.yaml").stdout == "unchanged two\nremoved one\n"
    missed = kpis("campaigns", "delete", "tow")
    assert (missed.returncode, missed.stderr) == (
        1,
        "Error: No campaign tow is registered; did you mean two?\n",
    )
    assert kpis("campaigns", "delete", "two").stdout == "removed two\n"
    assert "No campaigns are registered" in kpis("campaigns", "list").stdout


async def test_the_commands_name_what_cannot_be_read_and_serve_the_others(
    kpis: Callable[..., "subprocess.CompletedProcess[str]"], redis: Redis, prefix: str, tmp_path: Path
) -> None:
    newer = campaign("newer", of_a_later_release=True)
    spoilt = {"campaigns": {"one": campaign("one"), "newer": newer, "odd": None}}
    await redis.set(f"{prefix}registry", json.dumps(spoilt))
    (tmp_path / "two.yaml").write_text(json.dumps(file(campaign("two"))))

    applied = kpis("campaigns", "apply", "two.yaml")
    assert (applied.returncode, applied.stdout) == (0, "added two\n")
    assert "note: this release cannot read campaigns.newer.of_a_later_release" in applied.stderr
    listed = kpis("campaigns", "list", "--json")
    assert [(row["id"], row["status"] == "invalid") for row in json.loads(listed.stdout)] == [
        ("one", False),
        ("two", False),
        ("newer", True),
        ("odd", True),
    ]
    assert "warning: this release cannot read campaigns.newer.of_a_later_release" in listed.stderr
    shown = kpis("campaigns", "show", "newer").stdout
    assert shown.startswith(
        "# status: invalid\n# problem: this release cannot read campaigns.newer.of_a_later_release"
    )
    assert "of_a_later_release:" in shown
    assert kpis("campaigns", "show", "odd").returncode == 0
    checked = kpis("check").stdout
    assert "✗ Redis: This release cannot read campaigns.newer.of_a_later_release" in checked
    assert "campaigns.odd" in checked
    assert kpis("campaigns", "delete", "newer").stdout == "removed newer\n"
    assert kpis("campaigns", "delete", "odd").stdout == "removed odd\n"
    assert kpis("campaigns", "list").stderr == ""


@pytest.mark.usefixtures("redis")
def test_what_the_registry_refuses_is_told_with_its_line_in_the_file(
    kpis: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    (tmp_path / "c.yaml").write_text(
        "campaigns:\n- {id: a, name: A, starts: 2026-11-01T00:00:00Z, ends: 2026-12-01T00:00:00Z,\n"
        "   currency: EUR,\n   emv_card: hose}\n"
    )

    done = kpis("campaigns", "apply", "c.yaml")

    assert done.returncode == 2
    assert done.stderr.startswith("Error: c.yaml:4:14: campaigns[0].emv_card: no such card")
    assert "nothing was applied" in done.stderr


@pytest.mark.usefixtures("redis")
def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    kpis: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(json.dumps(file(campaign(time_zone="Europe/Paris"))))
    kpis("campaigns", "apply", "c.yaml")
    listed = kpis("campaigns", "list", "--json").stdout
    path.write_text(
        json.dumps(file(campaign(time_zone="Europe/Paris", ends="2026-11-20T00:00:00Z", budget=5)))
    )

    dry = kpis("campaigns", "apply", "--dry-run", "c.yaml")

    assert (dry.returncode, dry.stdout) == (
        0,
        "dry run: nothing is changed\nreplaced glow\n"
        "  ends: 2026-11-11T01:00:00+01:00 → 2026-11-20T01:00:00+01:00\n  budget: none → 5\n",
    )
    assert "warning: c.yaml:1:" in dry.stderr
    assert "budget: has no effect without costs" in dry.stderr
    assert "note: glow: ends moved from 2026-11-11T01:00:00+01:00 to 2026-11-20T01:00:00+01:00" in dry.stderr
    assert kpis("campaigns", "list", "--json").stdout == listed
    applied = kpis("campaigns", "apply", "c.yaml")
    assert (f"dry run: nothing is changed\n{applied.stdout}", applied.stderr) == (dry.stdout, dry.stderr)
    assert kpis("campaigns", "apply", "--dry-run", "c.yaml").stdout.endswith("unchanged glow\n")


async def test_an_id_that_was_deleted_is_remembered(redis: Redis, prefix: str) -> None:
    await registry.apply(redis, prefix, file(campaign()), NOW)
    await registry.delete(redis, prefix, "glow", NOW)

    changes = await registry.apply(redis, prefix, file(campaign()), NOW)

    assert any("was registered before" in note for note in changes.notes)


async def test_a_predicate_that_comes_back_has_another_mark(redis: Redis, prefix: str) -> None:
    marks = []
    for country in ("FR", "DE", "FR"):
        target = {"size": 1, "audience": {"country": country}}
        await registry.apply(redis, prefix, file(campaign(target=target)), NOW)
        known = await registry.load(redis, prefix)
        assert known is not None
        marks.append(known.targets_since.get("glow", 0))

    assert marks == sorted(set(marks))

"""`kpis campaigns` on a real Redis."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from models.settings import Settings
from tests.integration.commands import finish, start_command
from tests.integration.registry.declaring import campaign, file


@pytest.fixture
def kpis(redis_url: str, prefix: str, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run a command with this test's registry, in its directory."""
    settings = Settings(redis_url=redis_url, redis_prefix=prefix)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        process = start_command(settings, tmp_path, *arguments)
        return subprocess.CompletedProcess(arguments, *finish(process))

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

"""`kpis simulate` into a file: repeatable, bounded, and clear about what it cannot do."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.main import main
from models.campaigns.file import read_campaign_file
from models.times import DAY, parse_time
from producers.demo import demo_campaigns

START = "2026-11-23T12:00:00Z"


def simulate(*options: str) -> Result:
    return CliRunner().invoke(main, ["simulate", "--quiet", *options])


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_the_same_seed_and_start_write_the_same_file(tmp_path: Path) -> None:
    options = ["--seed", "5", "--start", START, "--duration", "10s"]
    for name in ("one", "two"):
        assert simulate(*options, "--to", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert len(lines(tmp_path / "one")) > 1000


def test_a_count_is_kept_to_and_told(tmp_path: Path) -> None:
    done = simulate("--count", "321", "--to", str(tmp_path / "events.ndjson.gz"))
    assert done.stdout.startswith("321 events written in ")
    assert gzip.decompress((tmp_path / "events.ndjson.gz").read_bytes()).count(b"\n") == 321


def test_events_in_a_file_lie_in_the_past(tmp_path: Path) -> None:
    simulate("--count", "500", "--malformed", "0", "--to", str(tmp_path / "events"))
    latest = max(parse_time(json.loads(line)["event_time"]) for line in lines(tmp_path / "events"))
    assert latest <= (tmp_path / "events").stat().st_mtime_ns // 1000


def test_the_truth_adds_up_to_the_file(tmp_path: Path) -> None:
    truth, events = tmp_path / "truth.json", tmp_path / "events"
    simulate("--start", START, "--duration", "20s", "--to", str(events), "--truth", str(truth))
    told = json.loads(truth.read_text())
    assert (told["seed"], told["start"]) == (1, START)
    assert sum(campaign["records"] for campaign in told["campaigns"].values()) == len(lines(events))
    assert set(told["meaning"]) == set(next(iter(told["campaigns"].values())))


def test_the_printed_campaigns_are_a_campaign_file() -> None:
    printed = simulate("--print-campaigns").stdout
    assert len(read_campaign_file("demo.yaml", printed).declaration.campaigns) == 4


def test_campaigns_of_a_file_are_simulated(tmp_path: Path) -> None:
    file = tmp_path / "campaigns.yaml"
    file.write_text(demo_campaigns(parse_time(START)).replace("id: nimbus-app", "id: cumulus"))
    events = tmp_path / "events"
    options = ["--start", START, "--count", "500", "--malformed", "0", "--to", str(events)]
    assert simulate("--campaigns", str(file), *options).exit_code == 0
    campaigns = {json.loads(line)["campaign_id"] for line in lines(events)}
    assert "cumulus" in campaigns
    assert "nimbus-app" not in campaigns


def test_what_is_planted_is_printed_replaced_and_told(tmp_path: Path) -> None:
    truth, plan = tmp_path / "truth.json", tmp_path / "planted.yaml"
    options = ["--start", START, "--duration", "60s", "--to", str(tmp_path / "events"), "--truth", str(truth)]
    plan.write_text(simulate("--print-planted").stdout.replace("burst: 0.5", "burst: 0.1"))
    assert "burst: 0.1" in plan.read_text()
    plan.write_text("terra-mesa: {no_exposure: 0.9}\n")

    assert simulate("--planted", str(plan), *options).exit_code == 0

    found = {name: told["planted"] for name, told in json.loads(truth.read_text())["campaigns"].items()}
    assert found.pop("terra-mesa")["no_exposure"] > 50
    assert not any(found.values())


def test_a_wrong_plan_is_named_with_its_line(tmp_path: Path) -> None:
    plan = tmp_path / "planted.yaml"
    plan.write_text("terra-mesa:\n  brust: 0.1\n")
    done = simulate("--planted", str(plan), "--count", "5", "--to", "events")
    assert done.exit_code == 2
    assert "planted.yaml:2:3: terra-mesa.brust: no such field; did you mean burst?" in done.stderr


def test_fewer_events_than_asked_for_are_told(tmp_path: Path) -> None:
    options = ["--start", START, "--duration", "1s", "--count", "100000", "--to", str(tmp_path / "events")]
    done = simulate(*options)
    assert done.exit_code == 0
    assert "Fewer than 100000" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "events"], "a file must end"),
        (["--start", START, "--backfill", "1h"], "give one of them"),
        (["--catch-up", "--backfill", "1h"], "--backfill and --catch-up each say where to begin"),
        (["--catch-up", "--count", "5", "--to", "events"], "--catch-up goes on where the topics end"),
        (["--count", "1", "--to", "events", "--truth", "nowhere/truth.json"], "nowhere/truth.json"),
        (["--duration", "1 hour"], "whole number and a unit"),
        (["--start", "noon"], "RFC 3339"),
        (["--late", "2"], "--late"),
        (["--rate", "0"], "--rate"),
    ],
)
def test_wrong_options_are_wrong_use(options: list[str], said: str) -> None:
    done = simulate(*options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_whose_flights_are_over_is_named_with_its_flights(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_text(demo_campaigns(parse_time(START) - 1000 * DAY))
    done = simulate("--campaigns", str(file), "--start", START, "--count", "5", "--to", "events")
    assert done.exit_code == 2
    assert "old.yaml: no campaign runs then (lumiere-glow: 2024-" in done.stderr


def test_a_wrong_campaign_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("campaigns:\n  - id: glow\n    naem: Glow\n")
    done = simulate("--campaigns", str(file), "--count", "5", "--to", "events")
    assert done.exit_code == 2
    assert "wrong.yaml:3:" in done.stderr


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    done = simulate("--count", "5", "--to", str(tmp_path / "nowhere" / "events"))
    assert done.exit_code == 1
    assert "nowhere/events: cannot be written" in done.stderr

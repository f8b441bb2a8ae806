"""Mistakes of a user: a sentence with the remedy, an exit code that tells whose fault, no stack trace."""

import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.system.support.campaigns import all_campaigns, clock, write_yaml
from tests.system.support.kafka import create_topics
from tests.system.support.processes import environment, free_port, kpis, until
from tests.system.support.product import Deployment, Servers
from tests.system.support.spoiling import encode
from tests.system.support.traffic import Traffic

FAILED, WRONG_USE = 1, 2
WRONG_LINE = """\
campaigns:
  - id: summer-glow
    name: Summer Glow
    starts: 2026-11-01T00:00:00+01:00
    ends: 2026-12-01T00:00:00+01:00
    currency: EUR
    budget: 50000
    grace: 7d
    influencers:
      - ana
      - ben
      - cleo
    costs:
      - {influencer: ana, flat_fee: 12000}
      - {influencer: ben, cpm: 8.0}
    thresholds:
      cpa_maximum: 25
    emv_card: default
"""


@pytest.fixture
def nowhere(tmp_path: Path) -> Deployment:
    """Return settings that lead to no server at all."""
    kafka, redis = (f"127.0.0.1:{free_port()}" for _ in range(2))
    return Deployment(Servers(kafka, f"redis://{redis}/0"), "nowhere", tmp_path)


def complaint(done: subprocess.CompletedProcess[str], code: int, logs: bool = False) -> str:
    """Check how a command failed, and give what it said; of one that also logs, the end."""
    assert done.returncode == code, f"exit code {done.returncode}: {done.stdout[-500:]}{done.stderr[-1500:]}"
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    assert lines, "nothing on stderr"
    assert logs or len(lines) <= 4, f"more than a sentence: {done.stderr}"
    return " ".join(lines[-4:])


def test_a_command_without_a_broker_names_the_address_and_the_setting(nowhere: Deployment) -> None:
    events = nowhere.directory / "events.ndjson"
    events.write_bytes(encode(Traffic(1, clock()).event("clicks", "spring")) + b"\n")
    for command in (["replay", str(events)], ["topics", "apply"], ["dead-letters", "list"]):
        said = complaint(nowhere.run(*command), FAILED)
        assert nowhere.servers.kafka in said
        assert "KPIS_KAFKA" in said


def test_a_command_without_redis_names_the_address_and_the_setting(nowhere: Deployment) -> None:
    campaigns = write_yaml(all_campaigns(clock()), nowhere.directory / "campaigns.yaml")
    reinject = ["dead-letters", "reinject", "--yes"]
    for command in (["campaigns", "list"], ["campaigns", "apply", str(campaigns)], reinject):
        said = complaint(nowhere.run(*command), FAILED)
        assert nowhere.servers.redis_url.split("/")[2] in said
        assert "KPIS_REDIS_URL" in said


def test_a_wrong_field_is_named_with_its_file_and_line(deployment: Deployment) -> None:
    path = deployment.directory / "mistaken.yaml"
    path.write_text(WRONG_LINE)
    said = complaint(deployment.run("campaigns", "apply", str(path)), WRONG_USE)
    assert "mistaken.yaml" in said
    assert "17" in said
    assert "cpa_maximum" in said
    assert "summer-glow" not in deployment.run("campaigns", "list").stdout


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("name: Summer\n    currency: EUX", "4:15: campaigns[0].currency: EUX is no currency"),
        ('name: "a\\e[31mred"\n    currency: EUR', "3:11: campaigns[0].name: holds a control character"),
        ("name: 0042\n    currency: EUR", 'campaigns[0].name: must be text: put quotes around it, "0042"'),
        ("name: x\n    currency: EUR\n    target: {size: 1, audience: {country: United Kingdom}}",
         "did you mean GB?"),
        ("name: x\n    currency: EUR\n    budget: 50_000", "must be a number, without underscores: 50000"),
        ("name: x\n\tcurrency: EUR", "4:1: is not YAML: a tab indents here"),
    ],
)  # fmt: skip
def test_what_a_campaign_file_cannot_mean_is_told_in_words(
    nowhere: Deployment, written: str, said: str
) -> None:
    path = nowhere.directory / "c.yaml"
    flight = "    starts: 2026-11-01T00:00:00Z\n    ends: 2026-12-01T00:00:00Z\n"
    path.write_text(f"campaigns:\n  - id: glow\n    {written}\n{flight}")

    assert said in complaint(nowhere.run("campaigns", "apply", str(path)), WRONG_USE)


def test_what_is_no_command_or_no_file_is_wrong_use(nowhere: Deployment) -> None:
    assert "dance" in complaint(nowhere.run("dance"), WRONG_USE)
    for command in (["campaigns", "apply"], ["replay"]):
        assert "no-such-file" in complaint(nowhere.run(*command, "no-such-file"), WRONG_USE)
    assert "--yes" in complaint(nowhere.run("dead-letters", "reinject"), WRONG_USE)
    assert "3-120" in complaint(nowhere.run("dead-letters", "show", "3-120"), WRONG_USE)


def test_a_wrong_setting_is_named(nowhere: Deployment) -> None:
    said = complaint(nowhere.run("worker", KPIS_PARTITIONS="many"), WRONG_USE, logs=True)
    assert "KPIS_PARTITIONS" in said


def test_topics_that_differ_in_partitions_are_an_error_at_start(deployment: Deployment) -> None:
    topics = {"impressions": 4, "clicks": 4, "engagements": 4, "conversions": 3, "dead-letters": 4}
    create_topics(deployment.servers.kafka, {deployment.prefix + name: n for name, n in topics.items()})
    for command in (["worker"], ["topics", "apply"]):
        said = complaint(deployment.run(*command), FAILED, logs=True)
        assert "partition" in said
        assert f"{deployment.prefix}conversions" in said


def test_a_port_in_use_is_named_with_its_setting(deployment: Deployment) -> None:
    deployment.apply(all_campaigns(clock()))
    host, port = deployment.address.split(":")
    with socket.create_server((host, int(port))):
        said = complaint(deployment.run("worker"), FAILED, logs=True)
    assert deployment.address in said
    assert "KPIS_METRICS_ADDRESS" in said


def test_a_worker_without_a_broker_waits_and_says_why(nowhere: Deployment) -> None:
    process = nowhere.start_worker()
    try:
        until(lambda: nowhere.get("/livez").status == 200, 30, "the worker answers on /livez")
        time.sleep(5)
        assert nowhere.get("/livez").status == 200
        ready = nowhere.get("/readyz")
        assert ready.status == 503
        assert "kafka" in ready.text.lower() or "broker" in ready.text.lower(), ready.text
        assert process.exit_code is None, process.said()
    finally:
        code = process.stop()
    assert code == 0
    assert "Traceback" not in process.said()


def test_help_needs_no_server(nowhere: Deployment) -> None:
    done = subprocess.run(
        [kpis(), "--help"],
        env=environment({}),
        cwd=nowhere.directory,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 0
    for command in ("up", "worker", "campaigns", "topics", "replay"):
        assert command in done.stdout

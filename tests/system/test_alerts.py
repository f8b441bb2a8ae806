"""From an event to somebody's telephone: worker, Prometheus, Alertmanager, on the stack's own files."""

import contextlib
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.system.support.monitors import Alertmanager, Prometheus, targets
from tests.system.support.processes import Process, free_port, until
from tests.system.support.product import Deployment
from tests.system.support.scrape import get
from tests.system.support.webhook import Webhook

MONITORING = Path(__file__).parents[2] / "monitoring"
CPA = "CampaignCpaAboveThreshold"


@pytest.fixture
def addresses() -> list[str]:
    """Give each of two workers its address."""
    return [f"127.0.0.1:{free_port()}" for _ in range(2)]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server


@pytest.fixture
def alertmanager(tmp_path: Path, webhook: Webhook) -> Iterator[Alertmanager]:
    """Run Alertmanager on the stack's files, with receivers and without its long waits."""
    folder = Path(shutil.copytree(MONITORING / "alertmanager", tmp_path / "alertmanager"))
    text = (folder / "alertmanager.yml").read_text("utf-8")
    text = re.sub(r"group_(wait|interval): \w+", r"group_\1: 1s", text)
    receiver = f"name: \\1\n    webhook_configs: [{{url: '{webhook.url}'}}]"
    text = re.sub(r"name: ((?:operators|campaigns)[a-z-]*)$", receiver, text, flags=re.MULTILINE)
    (folder / "alertmanager.yml").write_text(text, "utf-8")
    with Alertmanager(folder) as server:
        yield server


@pytest.fixture
def prometheus(tmp_path: Path, addresses: list[str], alertmanager: Alertmanager) -> Iterator[Prometheus]:
    """Run Prometheus on the stack's files; it scrapes each second, and alerts on campaigns wait no longer."""
    folder = Path(shutil.copytree(MONITORING / "prometheus", tmp_path / "prometheus"))
    rules = folder / "rules" / "campaigns.yml"
    text = re.sub(r"(for|keep_firing_for): \w+$", r"\1: 2s", rules.read_text("utf-8"), flags=re.M)
    rules.write_text(text.replace("[2m]", "[30s]"), "utf-8")
    main = folder / "prometheus.yml"
    main.write_text(re.sub(r"_interval: \w+", "_interval: 1s", main.read_text("utf-8")), "utf-8")
    (folder / "targets").mkdir()
    (folder / "targets" / "workers.json").write_text(targets(*addresses))
    (folder / "targets" / "alertmanagers.json").write_text(targets(alertmanager.address))
    with Prometheus(folder) as server:
        yield server


def campaigns(**spend: int) -> dict[str, Any]:
    """Declare campaigns of one influencer, each with what was spent yesterday and at most 25 a conversion."""
    now = datetime.now(UTC).replace(microsecond=0)
    yesterday, day = now - timedelta(days=2), timedelta(days=1)
    return {
        "campaigns": [
            {
                "id": name,
                "name": f"Campaign {name}",
                "owner": "team-beauty",
                "currency": "EUR",
                "starts": (now - 5 * day).isoformat(),
                "ends": (now + 5 * day).isoformat(),
                "costs": [
                    {
                        "influencer": "ana",
                        "spend": amount,
                        "from": yesterday.isoformat(),
                        "to": (yesterday + day).isoformat(),
                    }
                ],
                "thresholds": {"cpa_max": 25},
            }
            for name, amount in spend.items()
        ]
    }


def register(deployment: Deployment, **spend: int) -> None:
    """Apply the campaigns."""
    path = deployment.directory / "campaigns.yaml"
    path.write_text(yaml.safe_dump(campaigns(**spend)))
    deployment.do("campaigns", "apply", str(path))
    deployment.do("topics", "apply")


def convert(deployment: Deployment, campaign: str, number: int) -> None:
    """Send so many sign-ups."""
    events = [
        {
            "type": "conversion",
            "event_id": uuid.uuid4().hex,
            "event_time": datetime.now(UTC).isoformat(),
            "campaign_id": campaign,
            "influencer_id": "ana",
            "kind": "signup",
        }
        for _ in range(number)
    ]
    path = deployment.directory / "conversions.ndjson"
    path.write_text("\n".join(map(json.dumps, events)))
    deployment.do("replay", str(path))


def start(deployment: Deployment, address: str) -> Process:
    """Start a worker and wait until it is ready."""
    worker = deployment.start_worker(KPIS_METRICS_ADDRESS=address)

    def ready() -> bool:
        assert worker.exit_code is None, worker.said()
        return get(address, "/readyz", "text/plain").status == 200

    until(ready, 60, f"the worker at {address} is ready")
    return worker


@contextlib.contextmanager
def two_workers(deployment: Deployment, addresses: list[str]) -> Iterator[list[Process]]:
    """Run two workers; whatever is in the list at the end is stopped."""
    workers: list[Process] = []
    try:
        workers += [start(deployment, address) for address in addresses]
        yield workers
    finally:
        for worker in workers:
            worker.stop()


def test_an_alert_reaches_its_owner_stays_through_a_rolling_restart_and_is_taken_back(
    deployment: Deployment, addresses: list[str], webhook: Webhook, prometheus: Prometheus
) -> None:
    register(deployment, dear=1000, few=120)
    convert(deployment, "few", 3)
    convert(deployment, "dear", 10)
    with two_workers(deployment, addresses) as workers:
        until(lambda: bool(webhook.of(CPA, "dear", "firing")), 60, "the CPA of `dear` is told")
        (told,) = webhook.of(CPA, "dear", "firing")
        assert told["labels"]["owner"] == "team-beauty"
        assert told["annotations"]["summary"] == (
            "Campaign dear: a conversion costs at least 54.38 EUR, above the maximum of 25.00"
        )
        assert "CPA over the flight: 100.00" in told["annotations"]["description"]
        assert "due to ana" in told["annotations"]["description"]

        before = len(webhook.received)
        for number, address in enumerate(addresses):
            workers[number].stop()
            workers[number] = start(deployment, address)
        assert webhook.received[before:] == [], "a rolling restart tells nobody anything"
        assert (
            prometheus.query("max(kpi_campaign_cpa{campaign='few', window='flight'})")[0]["value"][1] == "40"
        )

        convert(deployment, "dear", 90)
        until(lambda: bool(webhook.of(CPA, "dear", "resolved")), 90, "that it is over is told")
        assert webhook.of(CPA, "few", "firing") == [], "three conversions say little"
        register(deployment, dear=1000, few=400)
        until(lambda: bool(webhook.of(CPA, "few", "firing")), 60, "even its bound is above now")
    assert [alert["labels"]["alertname"] for told in webhook.received for alert in told["alerts"]].count(
        CPA
    ) == 3

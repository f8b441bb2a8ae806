"""From an event to a message: the alert that a campaign's owner gets, and those that nobody gets."""

import json
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.system.faults.fleet import Fleet, Member
from tests.system.support.kafka import Sender
from tests.system.support.monitors import INSTALL, Alertmanager, Prometheus, targets
from tests.system.support.processes import until
from tests.system.support.product import Deployment
from tests.system.support.webhook import Chat

MONITORING = Path(__file__).resolve().parents[2] / "monitoring"
HOURS = 40
FASTER = {
    "prometheus/prometheus.yml": {
        r"(scrape|evaluation)_interval: \d+s": r"\1_interval: 1s",
    },
    "prometheus/rules/campaigns.yml": {
        r"\bfor: \w+": "for: 3s",
        r"keep_firing_for: \w+": "keep_firing_for: 5s",
    },
    "alertmanager/alertmanager.yml": {
        r"group_wait: \w+": "group_wait: 2s",
        r"group_interval: \w+": "group_interval: 2s",
    },
}
"""All that differs from the configuration that the stack uses: campaigns' alerts wait for seconds."""


@dataclass
class Watch:
    """A deployment with two workers, and who watches it."""

    fleet: Fleet
    sender: Sender
    prometheus: Prometheus
    chat: Chat

    def click(self, campaign: str, clicks: int) -> None:
        """Send clicks of the last day and a half, which cost 0.10 each."""
        each = clicks // HOURS
        for hour in range(HOURS):
            fields = {"type": "click", "content_id": "reel", "channel": "tiktok", "count": each}
            self._send("clicks", campaign, hour, **fields)

    def sell(self, campaign: str, orders: int) -> None:
        """Send orders of the last day and a half."""
        for number in range(orders):
            fields = {"type": "conversion", "kind": "purchase", "order_id": uuid.uuid4().hex}
            self._send("conversions", campaign, number % HOURS, **fields)

    def verdict(self, campaign: str) -> int | None:
        """Return the verdict that the alert looks at; None while Prometheus has none."""
        found = self.prometheus.query(f'campaign:verdict:flight{{campaign="{campaign}",kpi="cpa"}}')
        return int(found[0]["value"][1]) if found else None

    def alerted(self) -> set[tuple[str, str]]:
        """Return campaign and state of the alerts on CPA."""
        found = self.prometheus.query('ALERTS{alertname=~"CampaignCpa.*"}')
        return {(series["metric"]["campaign"], series["metric"]["alertstate"]) for series in found}

    def _send(self, topic: str, campaign: str, hours_ago: int, **fields: Any) -> None:
        event = {
            "event_id": uuid.uuid4().hex,
            "event_time": (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat(),
            "campaign_id": campaign,
            "influencer_id": "ana",
        }
        self.sender.put(topic, json.dumps(event | fields).encode(), campaign.encode())
        self.sender.flush()


@pytest.fixture
def watch(deployment: Deployment, tmp_path: Path) -> Iterator[Watch]:
    """Run it all, on the configuration files that the stack uses."""
    if shutil.which("prometheus") is None or shutil.which("amtool") is None:
        pytest.skip(f"Prometheus or Alertmanager is not here: `{INSTALL}`")
    deployment.apply({"campaigns": [campaign("dear"), campaign("few")]})
    fleet = Fleet(deployment, 2)
    configuration = copied(tmp_path)
    with ExitStack() as running:
        running.callback(fleet.close)
        fleet.start()
        chat = running.enter_context(Chat())
        (configuration / "alertmanager/secrets").mkdir()
        (configuration / "alertmanager/secrets/chat-url").write_text(chat.url)
        alertmanager = running.enter_context(Alertmanager(configuration / "alertmanager"))
        places = configuration / "prometheus/targets"
        places.mkdir()
        (places / "alertmanagers.json").write_text(targets(alertmanager.address))
        (places / "workers.json").write_text(targets(*(member.address for member in fleet.members)))
        prometheus = running.enter_context(Prometheus(configuration / "prometheus"))
        sender = Sender(deployment.servers.kafka, deployment.prefix)
        yield Watch(fleet, sender, prometheus, chat)
        assert not fleet.unexpected, fleet.unexpected


def campaign(name: str) -> dict[str, Any]:
    """Declare a campaign that pays by click."""
    now = datetime.now(UTC)
    return {
        "id": name,
        "name": f"The {name} one",
        "owner": "team-beauty",
        "starts": (now - timedelta(days=2)).isoformat(),
        "ends": (now + timedelta(days=8)).isoformat(),
        "currency": "EUR",
        "emv_card": "default",
        "costs": [{"influencer": "ana", "cpc": 0.1}],
        "thresholds": {"cpa_max": 25},
    }


def copied(directory: Path) -> Path:
    """Copy the configuration of Prometheus and Alertmanager, and make it faster."""
    for part in ("prometheus", "alertmanager"):
        shutil.copytree(MONITORING / part, directory / "monitoring" / part)
    for name, changes in FASTER.items():
        path = directory / "monitoring" / name
        text = path.read_text()
        for pattern, replacement in changes.items():
            text, changed = re.subn(pattern, replacement, text)
            assert changed, f"{name} has no {pattern}"
        path.write_text(text)
    return directory / "monitoring"


def restarted(fleet: Fleet, member: Member) -> None:
    """Stop a worker and start it again, as a rolling deploy does."""
    fleet.stop(member)
    fleet.run(member)
    until(lambda: member.get("/readyz").status == 200, 60, f"{member.name} is ready")


def test_an_owner_is_told_when_the_cpa_is_likely_too_high_and_when_it_is_well_again(watch: Watch) -> None:
    chat = watch.chat
    watch.sell("dear", 400)
    watch.click("dear", 40_000)
    watch.sell("few", 3)
    watch.click("few", 1200)
    until(lambda: {watch.verdict("dear"), watch.verdict("few")} == {1, 0}, 60, "both are judged")

    watch.click("dear", 200_000)
    until(lambda: bool(chat.about("dear")), 30, "the owner is told")
    ((title, text),) = chat.about("dear")
    assert title == "CRITICAL: dear (team-beauty)"
    assert "The dear one: CPA 60.00 EUR over the flight, likely at least " in text
    assert "; the maximum is 25.00" in text
    assert "ana weighs most: 100% of what is too dear." in text

    for member in watch.fleet.members:
        restarted(watch.fleet, member)
    time.sleep(5)
    assert watch.alerted() == {("dear", "firing")}
    assert chat.messages == [(title, text)]

    watch.sell("dear", 1200)
    until(lambda: len(chat.about("dear")) > 1, 40, "the owner is told that it is over")
    (_, (over, how)) = chat.about("dear")
    assert over == "RESOLVED: dear (team-beauty)"
    assert "Resolved: The dear one: CPA" in how
    # Three orders at 40 each prove nothing; at 4000 they do.
    assert not chat.about("few")
    watch.click("few", 120_000)
    until(lambda: bool(chat.about("few")), 30, "the owner of the other is told")
    assert "The few one: CPA 4040.00 EUR over the flight, likely at least " in chat.about("few")[0][1]

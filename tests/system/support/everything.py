"""Campaigns that declare all that can be declared, and traffic that has something of each kind everywhere."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tests.system.support.product import Deployment

KNOWN_PEOPLE = 100
"""So many identified impressions at every leaf that its reach can be estimated."""


def prepare(deployment: Deployment, directory: Path) -> tuple[Path, Path]:
    """Write the demo's campaigns, each with all that can be declared, and four minutes of their traffic."""
    declared = yaml.safe_load(deployment.run("simulate", "--print-campaigns").stdout)
    early, beyond, *_ = declared["campaigns"]
    early["min_sample"] = {"cpa": 1_000_000}
    beyond["thresholds"]["ctr_min"] = 0.9
    for campaign in declared["campaigns"]:
        campaign["thresholds"] |= {"roi_min": 0.1, "sentiment_min": 0.6}
        scores = {influencer: {"craft": 50} for influencer in campaign["influencers"]}
        campaign.setdefault("values", {"weights": {"craft": 1}, "scored_on": "2026-01-01", "scores": scores})
    campaigns, events = directory / "campaigns.yaml", directory / "events.ndjson"
    campaigns.write_text(yaml.safe_dump(declared))
    deployment.do(
        "simulate", "--quiet", "--campaigns", str(campaigns), "--duration", "4m", "--rate", "100",
        "--malformed", "0", "--to", str(events),
    )  # fmt: skip
    lines = events.read_text().splitlines()
    events.write_text("\n".join([*lines, *of_each_kind(lines)]) + "\n")
    return campaigns, events


def of_each_kind(lines: list[str]) -> Iterator[str]:
    """Make what is rare at every leaf: a click, a mention, a sale, known people; and one refused event."""
    fields = ("campaign_id", "influencer_id", "content_id", "channel", "format")
    impressions = (json.loads(line) for line in lines if '"impression"' in line)
    now = datetime.now(UTC).isoformat()
    for leaf in sorted({tuple(event[name] for name in fields) for event in impressions}):
        common = dict(zip(fields, leaf, strict=True)) | {"event_time": now}
        sale = {"order_id": "-".join(leaf), "revenue": 80, "currency": "EUR"}
        rare: tuple[dict[str, Any], ...] = (
            {"type": "click"},
            {"type": "engagement", "kind": "mention", "sentiment": "positive"},
            {"type": "conversion", "kind": "purchase", **sale},
        )
        seen = {"type": "impression", "consent": True}
        known = (seen | {"person_id": f"own-{number}"} for number in range(KNOWN_PEOPLE))
        for number, own in enumerate([*rare, *known]):
            yield json.dumps(common | own | {"event_id": f"own-{number}-{'-'.join(leaf)}"[:64]})
    yield json.dumps(common | {"type": "click", "event_id": "refused", "campaign_id": "nobody"})

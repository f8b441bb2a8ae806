"""What the page on sending events says works: each of its snippets is run, and its events are counted."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.system.support import scrape
from tests.system.support.naming import Series
from tests.system.support.processes import until
from tests.system.support.product import Deployment
from tests.system.support.snippets import RUNNERS, snippets

# What each snippet adds to the campaign over its flight: family, labels, value.
COUNTED: dict[str, list[tuple[str, Mapping[str, str], float]]] = {
    "kcat": [("kpi_content_clicks", {"content": "reel-1"}, 1)],
    "python": [
        ("kpi_campaign_conversions", {"kind": "purchase"}, 1),
        ("kpi_influencer_revenue", {"influencer": "ana", "currency": "EUR"}, 84.9),
    ],
    "java": [
        ("kpi_content_impressions", {"content": "reel-1"}, 1),
        ("kpi_content_reach_persons", {"content": "reel-1"}, 1),
    ],
    "csv": [
        ("kpi_content_impressions", {"content": "reel-1"}, 12_000),
        ("kpi_content_impressions", {"content": "clip-7"}, 8_000),
        ("kpi_channel_clicks", {"channel": "instagram"}, 340),
        ("kpi_campaign_interactions", {"kind": "like"}, 1_012),
    ],
}
RECORDS = {"kcat": 1, "python": 1, "java": 1, "csv": 6}


def summer_glow(now: datetime) -> dict[str, Any]:
    """Declare the page's campaign, running since before the days that the page names."""
    return {
        "campaigns": [
            {
                "id": "summer-glow",
                "name": "Summer Glow",
                "starts": "2026-11-01T00:00:00Z",
                "ends": (now + timedelta(days=30)).isoformat(),
                "currency": "EUR",
                "emv_card": "default",
            }
        ]
    }


@pytest.mark.parametrize("name", RUNNERS)
def test_the_events_of_a_snippet_are_counted(name: str, deployment: Deployment) -> None:
    deployment.apply(summer_glow(datetime.now(UTC)))
    found = snippets(deployment.servers.kafka, deployment.prefix)

    with deployment.worker():
        RUNNERS[name](found, deployment.directory, deployment.settings)
        deployment.wait_applied(RECORDS[name], seconds=30)
        until(lambda: _missing(name, deployment.scrape()) == [], 10, f"the events of {name} are shown")
        forwarded = scrape.total(deployment.scrape(), "kpi_pipeline_forwarded_events_total")

    assert deployment.dead_letters() == []
    assert forwarded == 0, "the page says that this key and partitioner spare the hop"


def test_a_snippet_is_run_for_every_one_on_the_page() -> None:
    found = snippets("127.0.0.1:9092", "")

    assert set(found) == set(RUNNERS) | {"report.csv", "report.yaml"}
    assert set(COUNTED) == set(RECORDS) == set(RUNNERS)


def _missing(name: str, shown: Series) -> list[tuple[str, Mapping[str, str], float]]:
    return [
        (family, labels, value)
        for family, labels, value in COUNTED[name]
        if scrape.total(shown, family, window="flight", **labels) != value
    ]

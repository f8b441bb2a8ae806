"""What the page on sending events says works: each of its snippets is run, and its events are counted."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.system.support import scrape
from tests.system.support.naming import Series
from tests.system.support.processes import until
from tests.system.support.product import Deployment, Servers
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


@pytest.fixture(scope="module")
def counting(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Run a worker that all snippets send to: each is looked at by what it adds."""
    deployment = Deployment(servers, f"t-{uuid.uuid4().hex[:8]}", tmp_path_factory.mktemp("snippets"))
    deployment.apply(summer_glow(datetime.now(UTC)))
    with deployment.worker():
        yield deployment


@pytest.mark.parametrize("name", RUNNERS)
def test_the_events_of_a_snippet_are_counted(name: str, counting: Deployment) -> None:
    found, before = snippets(counting.servers.kafka, counting.prefix), counting.scrape()
    records = round(scrape.total(before, "kpi_pipeline_events_total")) + RECORDS[name]

    RUNNERS[name](found, counting.directory, counting.settings)
    counting.wait_applied(records, seconds=30)
    until(lambda: _missing(name, before, counting.scrape()) == [], 10, f"the events of {name} are shown")

    assert scrape.total(counting.scrape(), "kpi_pipeline_events_total") == records
    assert counting.dead_letters() == []
    forwarded = scrape.total(counting.scrape(), "kpi_pipeline_forwarded_events_total")
    assert forwarded == 0, "the page says that this key and partitioner spare the hop"


def test_a_snippet_is_run_for_every_one_on_the_page() -> None:
    found = snippets("127.0.0.1:9092", "")

    assert set(found) == set(RUNNERS) | {"report.csv", "report.yaml"}
    assert set(COUNTED) == set(RECORDS) == set(RUNNERS)


def _missing(name: str, before: Series, shown: Series) -> list[tuple[str, Mapping[str, str], float]]:
    return [
        (family, labels, value)
        for family, labels, value in COUNTED[name]
        if _flight(shown, family, labels) - _flight(before, family, labels) != value
    ]


def _flight(shown: Series, family: str, labels: Mapping[str, str]) -> float:
    return scrape.total(shown, family, window="flight", **labels)

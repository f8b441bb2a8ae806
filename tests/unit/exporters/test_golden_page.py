"""The whole page of one worked campaign, to the letter (tests/golden/metrics)."""

import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from exporters.collector import KpiCollector
from exporters.exposition import negotiate
from models.readings.pipeline import Pipeline
from tests.unit.exporters.worked import worked_pipeline
from tests.unit.models.building import NOON

GOLDEN = Path(__file__).parents[2] / "golden" / "metrics"
ACCEPT = {
    "worked.prom": "text/plain",
    "worked.openmetrics.prom": "application/openmetrics-text;version=1.0.0",
}


def page(read: Callable[[], Pipeline], accept: str) -> str:
    """Show what a scrape at noon gives."""
    encode, _ = negotiate(accept)
    return b"".join(encode(KpiCollector(read, lambda: NOON, "1.2.3"))).decode()


@pytest.mark.parametrize("name", sorted(ACCEPT))
def test_the_page_of_the_worked_campaign_is_as_was_checked_by_hand(name: str, tmp_path: Path) -> None:
    """After a change on purpose: read the difference, then copy the file that the failure names."""
    shown = page(worked_pipeline, ACCEPT[name]).replace(platform.python_version(), "3.x")
    now = tmp_path / name
    now.write_text(shown)

    assert shown == (GOLDEN / name).read_text(), f"see {now}"

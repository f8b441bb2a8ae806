"""Metrics are named by what declares them: no file here spells a name, and none names what is not there."""

import re
from pathlib import Path

import pytest

from models.scopes import ALL_SCOPES
from models.windows import WINDOW_NAMES
from tests.unit.monitoring.declared import METRICS, SERIES

ROOT = Path(__file__).parents[3]
MONITORING = ROOT / "monitoring"
SPELT = re.compile(rf"\bkpi_(?:{'|'.join(('pipeline', 'collector', *ALL_SCOPES, '{'))})")
SOURCES = sorted(MONITORING.rglob("*.py"))
GENERATED = sorted(path for kind in ("json", "yml") for path in MONITORING.rglob(f"*.{kind}"))
PAGES = sorted((ROOT / "docs").glob("*.md"))
PARAMETERS = {"kpi_click", "kpi_code", "kpi_person"}
"""Named like metrics: what the collector and its snippet keep in addresses, orders and browsers."""


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def named_in(path: Path) -> set[str]:
    return set(re.findall(r"\bkpi_\w+", path.read_text("utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_source_spells_the_name_of_a_metric(path: Path) -> None:
    assert SPELT.findall(path.read_text("utf-8")) == []


def test_a_name_that_is_spelt_is_seen() -> None:
    assert all(map(SPELT.search, ("kpi_campaign_cpa", 'f"kpi_{scope}_clicks"', "kpi_pipeline_leaves")))


@pytest.mark.parametrize("path", GENERATED, ids=name)
def test_a_query_names_only_series_that_are_declared(path: Path) -> None:
    assert named_in(path) - SERIES == set()


@pytest.mark.parametrize("path", [*GENERATED, *PAGES], ids=name)
def test_a_window_that_is_named_is_declared(path: Path) -> None:
    assert set(re.findall(r'window=\\?"(\w+)', path.read_text("utf-8"))) <= set(WINDOW_NAMES)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_names_only_metrics_that_are_declared(path: Path) -> None:
    assert named_in(path) - SERIES - METRICS - PARAMETERS == set()

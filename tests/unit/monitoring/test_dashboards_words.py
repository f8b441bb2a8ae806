"""The words of the dashboards: none missing, none left over, none in the wrong language."""

import re
from pathlib import Path

from models.kpis.catalogue import KPIS
from models.metrics.kpi_metrics import SIDES
from monitoring.dashboards import words
from monitoring.dashboards.language import meaning_of
from monitoring.dashboards.pipeline_words import PIPELINE_WORDS
from monitoring.dashboards.states import JUDGED
from monitoring.dashboards.units import unit_of
from monitoring.dashboards.words import WORDS

SOURCES = "\n".join(
    path.read_text("utf-8")
    for path in Path(words.__file__).parent.glob("*.py")
    if path.stem not in ("words", "pipeline_words")
)
BUILT = ("_title", "_about", "_help", "better_")


def test_every_word_is_used() -> None:
    """Words whose names are put together, and kinds and statuses, are looked up by their values."""
    values: set[str] = {kpi.stage for kpi in KPIS} | {*SIDES}
    values |= {"scheduled", "running", "grace", "ended"}
    alone = [word for word in WORDS | PIPELINE_WORDS if not any(part in word for part in BUILT)]
    unused = [word for word in alone if word not in values and not re.search(f"[\"']{word}[\"']", SOURCES)]

    assert unused == []


def test_no_word_stands_twice() -> None:
    assert WORDS.keys() & PIPELINE_WORDS.keys() == set()


def test_every_threshold_has_its_kpi() -> None:
    assert {kpi.id for kpi in JUDGED} == {
        "cpa", "engagement_ratio", "ctr_ratio", "roi_ratio", "sentiment_ratio", "authenticity_ratio"
    }  # fmt: skip


def test_a_share_is_in_percent_and_what_is_none_is_not() -> None:
    shown = {kpi.id: unit_of(kpi).name for kpi in KPIS if kpi.unit == "ratio"}

    assert shown["ctr_ratio"] == "percentunit"
    assert {name for name, unit in shown.items() if unit == "none"} == {
        "frequency_ratio", "emv_to_invested_ratio", "sentiment_ratio", "pacing_ratio"
    }  # fmt: skip


def test_more_than_all_is_explained_only_where_it_can_be() -> None:
    explained = {kpi.id for kpi in KPIS if "Orange" in meaning_of(kpi, "en")}

    assert explained == {"engagement_ratio", "ctr_ratio"}

"""The words of the dashboards: none missing, none left over, none in the wrong language."""

import re
from pathlib import Path

import pytest

from models.kpis.catalogue import KPIS
from monitoring.dashboards import french
from monitoring.dashboards.language import meaning_of
from monitoring.dashboards.pipeline_words import PIPELINE_WORDS
from monitoring.dashboards.states import KEYS, kpi_of
from monitoring.dashboards.units import unit_of
from monitoring.dashboards.words import WORDS

SOURCES = "\n".join(
    path.read_text("utf-8")
    for path in Path(french.__file__).parent.glob("*.py")
    if path.stem not in ("words", "pipeline_words", "french")
)
BUILT = ("_title", "_about", "_help", "better_", "window_")


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.id)
def test_a_kpi_has_its_sentences_in_french(kpi: object) -> None:
    """They go into monitoring/dashboards/french.py."""
    entry = next(known for known in KPIS if known is kpi)

    assert entry.id in french.DEFINITIONS
    assert entry.id in french.FORMULAS
    assert entry.smallest_sample in {"none", *french.SAMPLES}
    assert entry.bounds is None or entry.bounds.method in french.METHODS
    assert entry.definition not in meaning_of(entry, "fr")


def test_no_french_sentence_is_of_a_kpi_that_is_gone() -> None:
    ids = {kpi.id for kpi in KPIS}

    assert french.DEFINITIONS.keys() == french.FORMULAS.keys() == ids


def test_every_word_is_used() -> None:
    """Words whose names are put together, and kinds and statuses, are looked up by their values."""
    values = {value for kpi in KPIS for value in kpi.values} | {kpi.stage for kpi in KPIS}
    values |= {"scheduled", "running", "grace", "ended"}
    alone = [word for word in WORDS | PIPELINE_WORDS if not any(part in word for part in BUILT)]
    unused = [word for word in alone if word not in values and not re.search(f"[\"']{word}[\"']", SOURCES)]

    assert unused == []


def test_no_word_stands_twice() -> None:
    assert WORDS.keys() & PIPELINE_WORDS.keys() == set()


def test_every_threshold_has_its_kpi() -> None:
    assert {kpi_of(key).id for key in KEYS} == {
        "cpa", "engagement_ratio", "ctr_ratio", "roi_ratio", "sentiment_ratio"
    }  # fmt: skip


def test_a_share_is_in_percent_and_what_is_none_is_not() -> None:
    shown = {kpi.id: unit_of(kpi).name for kpi in KPIS if kpi.unit == "ratio"}

    assert shown["ctr_ratio"] == "percentunit"
    assert {name for name, unit in shown.items() if unit == "none"} == {
        "frequency_ratio", "emv_to_invested_ratio", "sentiment_ratio"
    }  # fmt: skip

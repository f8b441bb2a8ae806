"""The catalogue names each KPI once, and completely."""

from typing import get_args

import pytest

from models.catalogue import CONVERSION_KINDS, INTERACTION_KINDS, KPIS, Kpi, kpi
from models.events import ConversionKind, EngagementKind
from models.kpis import Figures

CONTENT = {
    "reach_persons", "impressions", "video_views", "clicks", "interactions", "conversions", "invested",
    "revenue", "ctr_ratio", "engagement_ratio", "cpa", "cpe", "cpm", "emv",
}  # fmt: skip


def test_no_two_kpis_share_an_id_or_a_name() -> None:
    for names in zip(*((entry.id, entry.english, entry.french) for entry in KPIS), strict=True):
        assert len(set(names)) == len(KPIS)


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_every_entry_is_complete(entry: Kpi) -> None:
    words = (entry.english, entry.french, entry.definition, entry.formula, entry.smallest_sample)

    assert all(word.strip() == word != "" for word in words)
    assert entry.definition.endswith(".")
    assert kpi(entry.id) is entry


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_the_name_tells_a_ratio(entry: Kpi) -> None:
    assert entry.id.endswith("_ratio") == (entry.unit == "ratio")


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_only_labelled_kpis_give_several_values_and_say_which(entry: Kpi) -> None:
    tally = {f"{family}:{kind}": 1 for family in ("interactions", "conversions") for kind in entry.values}
    found = entry.compute(Figures(tally, 1, 1.0, 1.0, 1.0))

    assert isinstance(found, dict) == (entry.label is not None)
    if isinstance(found, dict):
        assert set(found) == set(entry.values)


def test_every_kind_that_an_event_can_have_has_its_label() -> None:
    assert set(INTERACTION_KINDS) == {*get_args(EngagementKind), "click"} - {"video_view"}
    assert get_args(ConversionKind) == CONVERSION_KINDS


def test_contents_show_what_the_contract_lists() -> None:
    assert {entry.id for entry in KPIS if "content" in entry.scopes} == CONTENT

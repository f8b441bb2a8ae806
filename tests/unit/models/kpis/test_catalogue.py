"""The catalogue names each KPI once, and completely."""

from typing import get_args

import pytest

from models.events.schema import ConversionKind, Engagement, EngagementKind
from models.kinds import CONVERSIONS, INTERACTIONS, POLARITIES, names
from models.kpis.catalogue import KPIS, kpi, tolerance
from models.kpis.figures import Figures, Invested
from models.kpis.kpi import Kpi
from models.scopes import BOUNDED_SCOPES
from models.statistics.intervals import exact

CONTENT = {
    "reach_persons", "estimated_reach_persons", "impressions", "video_views", "clicks", "interactions",
    "conversions", "goal_conversions", "invested", "revenue",
    "ctr_ratio", "engagement_ratio", "cpa", "cpe", "cpm", "emv",
}  # fmt: skip
BOUNDED = {
    "reach_persons", "target_reach_persons", "target_coverage_ratio", "impressions", "video_views", "clicks",
    "interactions", "conversions", "rated_mentions", "unrated_mentions", "ctr_ratio", "engagement_ratio",
    "sentiment_ratio", "authenticity_ratio",
    "cpa", "estimated_reach_persons", "goal_conversions", "cpe", "roi_ratio",
    "forecast_spent_ratio",
}  # fmt: skip


def test_no_two_kpis_share_an_id_or_a_name() -> None:
    for called in zip(*((entry.id, *entry.name) for entry in KPIS), strict=True):
        assert len(set(called)) == len(KPIS)


def test_a_tolerance_is_never_made_up() -> None:
    assert tolerance("pacing_ratio") == 0.15
    with pytest.raises(ValueError, match="cpa has no tolerance"):
        tolerance("cpa")


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_every_entry_is_complete(entry: Kpi) -> None:
    words = [*entry.name, *entry.meaning, *entry.formula]
    words += entry.sample.words if entry.sample else ()
    words += entry.bounds.method if entry.bounds else ()

    assert all(word.strip() == word != "" for word in words)
    assert all(sentence.endswith(".") for sentence in entry.meaning)
    assert entry.meaning.english != entry.meaning.french
    assert kpi(entry.id) is entry


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_the_name_tells_a_ratio(entry: Kpi) -> None:
    assert entry.id.endswith("_ratio") == (entry.unit == "ratio")


@pytest.mark.parametrize("entry", KPIS, ids=lambda entry: entry.id)
def test_only_labelled_kpis_give_several_values_and_say_which(entry: Kpi) -> None:
    families = ("interactions", "conversions", "rated", "attributed", "suspicious", "noted")
    tally = {f"{family}:{kind}": 1 for family in families for kind in names(entry.kinds)}
    found = entry.compute(Figures(tally, exact(1), Invested(1.0), 1.0, 1.0))

    assert isinstance(found, dict) == (entry.label is not None)
    if isinstance(found, dict):
        assert set(found) == set(names(entry.kinds))


def test_every_kind_that_an_event_can_have_has_its_label() -> None:
    assert set(names(INTERACTIONS)) == {*get_args(EngagementKind), "click"} - {"video_view"}
    assert get_args(ConversionKind) == names(CONVERSIONS)
    assert set(names(POLARITIES)) == set(
        get_args(get_args(Engagement.model_fields["sentiment"].annotation)[0])
    )


def test_bounds_are_of_what_the_contract_lists() -> None:
    assert {entry.id for entry in KPIS if entry.bounds} == BOUNDED
    assert {"campaign", "influencer"} == set(BOUNDED_SCOPES)


def test_only_the_scorecard_and_what_is_of_the_flight_have_no_window() -> None:
    assert {entry.id: entry.scopes for entry in KPIS if not entry.windowed} == {
        "values_alignment_ratio": ("campaign", "influencer"),
        "committed": ("campaign", "influencer", "channel", "format"),
        "budget_spent_ratio": ("campaign",),
        "forecast_spent_ratio": ("campaign",),
        "pacing_ratio": ("campaign",),
    }


def test_contents_show_what_the_contract_lists() -> None:
    assert {entry.id for entry in KPIS if "content" in entry.scopes} == CONTENT

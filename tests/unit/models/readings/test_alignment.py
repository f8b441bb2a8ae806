"""Values alignment: the weighted mean of the scores that were given."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaigns.campaign import Values
from models.readings.alignment import alignment_of, alignment_of_all

SCORES = st.dictionaries(st.sampled_from(["ecology", "craft", "joy"]), st.floats(0, 100))


def scorecard(scores: dict[str, Any]) -> Values:
    weights = {"ecology": 2.0, "craft": 1.0, "joy": 0.5}
    return Values.model_validate({"weights": weights, "scored_on": "2026-10-20", "scores": scores})


def test_scores_weigh_as_declared() -> None:
    assert alignment_of(scorecard({"ana": {"ecology": 80.0, "craft": 50.0}}), "ana") == pytest.approx(0.7)


def test_a_value_that_was_not_scored_weighs_nothing() -> None:
    assert alignment_of(scorecard({"ana": {"craft": 50.0}}), "ana") == pytest.approx(0.5)


def test_whoever_is_not_scored_has_none() -> None:
    values = scorecard({"ana": {}})

    assert [alignment_of(values, "ana"), alignment_of(values, "ben")] == [None, None]
    assert alignment_of_all(values, None) is None


def test_the_campaigns_is_the_mean_over_whom_is_scored() -> None:
    values = scorecard({"ana": {"craft": 50.0}, "ben": {"ecology": 90.0, "craft": 90.0}, "cleo": {}})

    assert alignment_of_all(values, None) == pytest.approx(0.7)
    assert alignment_of_all(values, {"ben", "dan"}) == pytest.approx(0.9)
    assert alignment_of_all(values, {"dan"}) is None


@given(st.dictionaries(st.sampled_from(["ana", "ben"]), SCORES))
def test_an_alignment_lies_among_the_scores(scores: dict[str, dict[str, float]]) -> None:
    values = scorecard(scores)
    for influencer, own in scores.items():
        found = alignment_of(values, influencer)
        assert (found is None) == (not own)
        assert found is None or min(own.values()) / 100 - 1e-9 <= found <= max(own.values()) / 100 + 1e-9

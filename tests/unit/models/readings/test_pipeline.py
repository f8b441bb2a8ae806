"""The freshness histogram, and which campaigns another model has rated."""

from models.readings.pipeline import FRESHNESS_BOUNDS, Histogram, rated_otherwise
from models.times import SECOND
from tests.unit.models.building import NOON, campaign, registry


def test_an_observation_at_a_bound_is_in_its_bucket_and_the_longest_in_the_last() -> None:
    histogram = Histogram()
    ages = (0.0, FRESHNESS_BOUNDS[0], FRESHNESS_BOUNDS[0] + 0.001, 1e9)
    histogram.observe_ages([-round(age * SECOND) for age in ages], 0)

    assert (histogram.counts[0], histogram.counts[1], histogram.counts[-1]) == (2, 1, 1)
    assert sum(histogram.counts) == 4
    assert len(histogram.counts) == len(FRESHNESS_BOUNDS) + 1


def test_campaigns_are_named_whose_texts_another_model_has_rated() -> None:
    known = registry(
        campaign(), campaign(id="snow"), campaign(id="old", ends="2026-11-01T12:00:00Z", grace="1d")
    )
    read = {f"read:{name}|a-1": 3 for name in ("glow", "old", "gone")} | {
        "read:snow|a-2": 1,
        "unrated:late": 1,
    }

    assert rated_otherwise({"engagements": read}, known, NOON, "a-2") == ["glow"]
    assert rated_otherwise({"engagements": read}, known, NOON, "a-1") == ["snow"]
    assert rated_otherwise({"engagements": read}, known, NOON, "") == []

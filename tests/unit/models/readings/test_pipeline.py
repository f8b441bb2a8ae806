"""The freshness histogram."""

from models.readings.pipeline import FRESHNESS_BOUNDS, Histogram
from models.times import SECOND


def test_an_observation_at_a_bound_is_in_its_bucket_and_the_longest_in_the_last() -> None:
    histogram = Histogram()
    ages = (0.0, FRESHNESS_BOUNDS[0], FRESHNESS_BOUNDS[0] + 0.001, 1e9)
    histogram.observe_ages([-round(age * SECOND) for age in ages], 0)

    assert (histogram.counts[0], histogram.counts[1], histogram.counts[-1]) == (2, 1, 1)
    assert sum(histogram.counts) == 4
    assert len(histogram.counts) == len(FRESHNESS_BOUNDS) + 1

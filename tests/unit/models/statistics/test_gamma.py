"""Bounds of counts, against values computed apart to 60 digits (Newton on the incomplete gamma)."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.statistics.gamma import Z, count_lower, count_upper

KNOWN = {
    1: (0.025317807984289875, 5.5716433909388986),
    2: (0.2422092785439649, 7.2246876677239608),
    5: (1.6234863901184205, 11.66833207932267),
    10: (4.7953886961324336, 18.390356042017779),
    40: (28.576586441788963, 54.468646963984078),
    100: (81.36399125092314, 121.62679379242639),
    150: (126.95616130124486, 176.0171660970745),
    1000: (938.97301840769522, 1063.952136016302),
    10_000: (9804.9524672601831, 10197.951624661473),
    1_000_000: (998040.9833402939, 1001961.9119454322),
}


@pytest.mark.parametrize("count", sorted(KNOWN))
def test_the_bounds_are_right_to_a_billionth(count: int) -> None:
    assert (count_lower(count), count_upper(count)) == pytest.approx(KNOWN[count], rel=1e-10)


def test_of_nothing_the_upper_bound_is_that_of_one_chance_in_forty() -> None:
    assert count_lower(0) == 0
    assert count_upper(0) == pytest.approx(-math.log(0.025), rel=1e-12)


@pytest.mark.parametrize("sign", [-1, 1])
def test_far_out_the_bounds_are_the_normal_ones(sign: int) -> None:
    """N ± z √n + (z² − 1) ÷ 3, and half an event more above: what is left is of the order of 1 ÷ √n."""
    bound = count_upper(10**12) if sign > 0 else count_lower(10**12)
    normal = 10**12 + sign * Z * 10**6 + (Z**2 - 1) / 3 + (1 if sign > 0 else 0)

    assert bound == pytest.approx(normal, abs=1e-2)  # 15 digits are shown


@given(st.integers(0, 10**12))
@example(99)
@example(98)
def test_more_events_never_lower_a_bound(count: int) -> None:
    assert count_lower(count) <= count <= count_upper(count)
    assert count_lower(count) < count_lower(count + 1)
    assert count_upper(count) < count_upper(count + 1)


def test_events_that_bring_two_counts_each_are_bounded_as_half_as_many() -> None:
    """Ten clicks of five people are as sure as five events: 2 × (1.623 to 11.668)."""
    assert count_lower(10.0, 2.0) == pytest.approx(2 * KNOWN[5][0])
    assert count_upper(10.0, 2.0) == pytest.approx(2 * KNOWN[5][1])
    assert count_upper(0.0, 2.0) == pytest.approx(-2 * math.log(0.025))


def test_arrays_have_the_bounds_of_their_numbers() -> None:
    counts, weights = np.array([0.0, 1.0, 10.0, 100.0]), np.array([1.0, 1.0, 2.0, 3.5])
    pairs = list(zip(counts.tolist(), weights.tolist(), strict=True))

    assert count_lower(counts, weights).tolist() == pytest.approx([count_lower(*pair) for pair in pairs])
    assert count_upper(counts, weights).tolist() == pytest.approx([count_upper(*pair) for pair in pairs])

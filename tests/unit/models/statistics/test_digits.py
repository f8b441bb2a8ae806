"""Numbers of 15 digits: as columns what the text of each says."""

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.statistics.digits import all_shown, shown

BETWEEN = st.builds(
    # Half of a digit, a number just below it or just above: where rounding is decided.
    lambda whole, power, to: (
        math.nextafter((whole + 0.5) / 10.0**power, to) if to else (whole + 0.5) / 10.0**power
    ),
    st.integers(10**14, 10**15),
    st.integers(0, 22),
    st.sampled_from([0.0, -math.inf, math.inf]),
)
NEAR_POWERS = st.builds(
    lambda power, to: math.nextafter(10.0**power, to), st.integers(-12, 20), st.sampled_from([0.0, math.inf])
)


@given(st.lists(BETWEEN | NEAR_POWERS | st.floats(allow_nan=False), max_size=40))
@example([0.0, 1.0, 1e-8, 1e14, 999_999_999_999_999.5, 0.3, -2.5, math.inf, 5e-324])
@example([100_000_000_000_000.5, 100_000_000_000_001.5, 4.35, 2.675, 1e15])
def test_columns_are_rounded_as_texts_are(numbers: list[float]) -> None:
    found = all_shown(np.array(numbers, np.float64))

    assert found.tolist() == [shown(number) for number in numbers]


def test_what_is_no_number_stays_none() -> None:
    assert np.isnan(all_shown(np.array([math.nan, 1.5]))).tolist() == [True, False]


def test_columns_keep_their_shape() -> None:
    assert all_shown(np.ones((2, 3))).shape == (2, 3)

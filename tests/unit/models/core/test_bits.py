"""Bits are counted as Python counts them."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.bits import count_bits


@given(st.integers(0, 2**64 - 1))
@example(0)
@example(2**64 - 1)
def test_all_bits_of_a_word_are_counted(word: int) -> None:
    with np.errstate(over="ignore"):
        assert int(count_bits(np.uint64(word))) == word.bit_count()

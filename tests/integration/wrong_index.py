"""Run by a test, one of the three ways: an index that is wrong, in a function that is compiled as all are."""

import numpy as np

from models.core.octets import load64


def test_eight_bytes_of_seven() -> None:
    load64(np.zeros(7, np.uint8), 0)

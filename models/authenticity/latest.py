"""Who came last: of a text, a content or a person, a few names, each with a time."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Ints
from models.core.compiling import I64, Int, inlined
from models.core.tables import Keys

NOWHERE = I64(-1)


class Latest(NamedTuple):
    """By row how many names there are, and these with their times, in no order."""

    sizes: Ints
    names: Keys
    times: Ints


def no_latest(width: int) -> Latest:
    """Return columns of no row, for so many names a row."""
    names: npt.NDArray[Any] = np.empty((0, width), np.uint64)
    return Latest(np.empty(0, np.int64), names, np.empty((0, width), np.int64))


@inlined
def place_of(latest: Latest, row: Int, name: Int) -> Int:
    """Return where a name stands in a row, or NOWHERE."""
    for place in range(latest.sizes[row]):
        if latest.names[row, place] == name:
            return I64(place)
    return NOWHERE


@inlined
def add(latest: Latest, row: Int, name: Int, time: Int) -> None:
    """Add a name that is not there: where the row is full in place of the oldest, unless it is older."""
    place = I64(latest.sizes[row])
    if place < latest.names.shape[1]:
        latest.sizes[row] = place + I64(1)
    else:
        place = I64(0)
        for other in range(latest.names.shape[1]):
            if latest.times[row, other] < latest.times[row, place]:
                place = I64(other)
        if latest.times[row, place] >= time:
            return
    latest.names[row, place], latest.times[row, place] = name, time

"""Arrays that grow as what they hold does."""

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_Array = TypeVar("_Array", bound=npt.NDArray[Any])


def grown(array: _Array, row: int) -> _Array:
    """Return an array at least twice as long, long enough for a row; what is added is zero.

    Nothing is written to it: memory that nobody has written to is none.
    """
    longer = np.zeros((max(row + 1, 2 * len(array)), *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer  # type: ignore[return-value]  # of the same type: dtype and dimensions are its

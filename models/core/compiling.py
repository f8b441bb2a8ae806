"""How loops over columns are compiled: numba, with no allocation and no reference counts inside.

What a compiled function may do is said in the room's docstring.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

U8, U32, U64, I64 = np.uint8, np.uint32, np.uint64, np.int64
"""Constants of compiled code have a type: int64 beside uint64 would become float64."""

Int = Any
"""A number or a truth within compiled code: the machine's, and with the JIT off Python's or numpy's."""

_FLAGS: Any = {
    # Other threads run meanwhile.
    "nogil": True,
    # Division by zero is checked for by whoever divides.
    "error_model": "numpy",
    # Without: counting references to arrays took 14 of 15 parts of the scanner's time. It also refuses to
    # compile what allocates.
    "_nrt": False,
}


def compiled(function: Function) -> Function:
    """Compile a function when it is first called."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba makes it from the environment
        # What is compiled wraps around in silence, and hashes mean it.
        return np.errstate(over="ignore")(function)
    made: Function = numba.njit(**_FLAGS)(function)
    return made


def inlined(function: Function) -> Function:
    """Compile a function into each of its callers: for what is called once a byte or once a field."""
    made: Function = numba.njit(forceinline=True, **_FLAGS)(function)
    return made

"""How loops over columns are compiled: numba, with no allocation and no reference counts inside.

What a compiled function may do is said in the room's docstring.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])

U8, U32, U64, I64, F64 = np.uint8, np.uint32, np.uint64, np.int64, np.float64
"""Constants of compiled code have a type: int64 beside uint64 would become float64."""

Int = Any
"""A number or a truth within compiled code: the machine's, and with the JIT off Python's or numpy's."""

FLAGS: Any = {
    # Other threads run meanwhile.
    "nogil": True,
    # Division by zero is checked for by whoever divides.
    "error_model": "numpy",
    # Without: counting references to arrays took 14 of 15 parts of the scanner's time. It also refuses to
    # compile what allocates.
    "_nrt": False,
}

_IS_OFF: bool = numba.config.DISABLE_JIT  # type: ignore[attr-defined]  # numba makes it from the environment

# What decorators register stays as it is once the modules are imported, as the functions themselves do: who
# caches or checks them all need not be told of each new one.
_DISPATCHERS: list[Any] = []


def compiled(function: Function) -> Function:
    """Compile a function when it is first called."""
    if _IS_OFF:
        # What is compiled wraps around in silence, and hashes mean it.
        return np.errstate(over="ignore")(function)
    return _made(function)


def inlined(function: Function) -> Function:
    """Compile a function into each of its callers: for what is called once a byte or once a field."""
    return function if _IS_OFF else _made(function, forceinline=True)


def dispatchers() -> Sequence[Any]:
    """List what numba made of the decorated functions of all modules imported; nothing with the JIT off."""
    return _DISPATCHERS


def signatures() -> frozenset[tuple[str, str]]:
    """Return by module and name each signature that a function was compiled for, or that a cache gave it."""
    return frozenset(
        (f"{one.__module__}.{one.__qualname__}", str(signature))
        for one in _DISPATCHERS
        for signature in one.signatures
    )


def _made(function: Function, **flags: Any) -> Function:
    made: Function = numba.njit(**FLAGS, **flags)(function)
    _DISPATCHERS.append(made)
    return made

"""Compiled code that is kept: numba's own cache knows neither flags nor what a function calls in other files.

So what that holds outlives what it was made of: a changed helper left its old code in its callers. Here
whoever keeps the code names the place by a digest of all that it depends on: sources, and `conditions`.
"""

import pickle
import platform
from hashlib import sha256
from typing import Any, Protocol

import numba
from llvmlite import __version__ as llvmlite_version
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from models.core.compiling import FLAGS, dispatchers

# Numba's parts, most of which have no types.
_config: Any = numba.config
_Result: Any = CompileResult
_dumps: Any = dumps


class Store(Protocol):
    """Where compiled code is kept, under one name for each function and signature. It never raises."""

    def load(self, name: str) -> bytes | None:
        """Return what is kept; None where nothing is, or nothing can be read."""

    def save(self, name: str, code: bytes) -> None:
        """Keep code, where that can be done."""


def conditions() -> str:
    """Say what compiled code depends on besides the sources: versions, flags, and the processor."""
    versions = (platform.python_version(), numba.__version__, llvmlite_version)
    options = (_config.BOUNDSCHECK, _config.OPT)
    processor: Any = cpu_target.target_context.codegen()
    return repr((versions, FLAGS, options, processor.magic_tuple()))


def cache_in(store: Store) -> None:
    """From here on take compiled code from a store, and give it what must be compiled."""
    for dispatcher in dispatchers():
        dispatcher._cache = _Cache(f"{dispatcher.__module__}.{dispatcher.__qualname__}", store)


class _Cache(NullCache):
    """What numba asks before it compiles one function, and tells what it compiled."""

    def __init__(self, name: str, store: Store) -> None:
        self._name = name
        self._store = store

    def load_overload(self, signature: Any, target_context: Any) -> Any:
        """Return the code for a signature; None where it must be compiled."""
        target_context.refresh()
        code = self._store.load(self._name_of(signature))
        if code is None:
            return None
        try:
            return _Result._rebuild(target_context, *pickle.loads(code))
        except Exception:  # Damaged code raises whatever its bytes happen to say.
            return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep the code for a signature, unless it holds addresses of this process."""
        if not result.library.has_dynamic_globals:
            self._store.save(self._name_of(signature), _dumps(result._reduce()))

    def _name_of(self, signature: Any) -> str:
        return f"{self._name}-{sha256(str(signature).encode()).hexdigest()[:16]}"

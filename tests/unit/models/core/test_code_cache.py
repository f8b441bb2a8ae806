"""Compiled code is taken from where it is kept, and compiled anew where that is damaged."""

from typing import Any

import numba
import numpy as np
import pytest

from models.core.code_cache import _Cache, conditions
from models.core.compiling import FLAGS

pytestmark = pytest.mark.skipif(
    numba.config.DISABLE_JIT,  # type: ignore[attr-defined]  # numba makes it from the environment
    reason="nothing is compiled; run it without NUMBA_DISABLE_JIT",
)


class Kept:
    """A store in memory."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}
        self.saved = 0

    def load(self, name: str) -> bytes | None:
        return self.code.get(name)

    def save(self, name: str, code: bytes) -> None:
        self.code[name] = code
        self.saved += 1


def summed(numbers: Any) -> Any:
    total = numbers[0]
    for index in range(1, len(numbers)):
        total += numbers[index]
    return total


def started(store: Kept) -> Any:
    """Make the function as a new process has it."""
    dispatcher: Any = numba.njit(**FLAGS)(summed)
    dispatcher._cache = _Cache("summed", store)
    return dispatcher


def test_code_is_compiled_once_for_each_signature() -> None:
    store = Kept()
    for _ in range(3):
        function = started(store)
        assert function(np.arange(5)) == 10
        assert function(np.arange(5, dtype=np.float64)) == 10.0

    assert store.saved == len(store.code) == 2


@pytest.mark.parametrize("damaged", [b"", b"no code", b"\x80\x04N."])
def test_code_that_is_damaged_is_compiled_anew(damaged: bytes) -> None:
    store = Kept()
    started(store)(np.arange(5))
    whole = dict(store.code)
    store.code = dict.fromkeys(whole, damaged)

    assert started(store)(np.arange(5)) == 10
    assert store.saved == 2
    assert store.code.keys() == whole.keys()
    assert started(store)(np.arange(5)) == 10
    assert store.saved == 2


def test_code_that_is_cut_off_is_compiled_anew() -> None:
    store = Kept()
    started(store)(np.arange(5))
    store.code = {name: code[: len(code) // 2] for name, code in store.code.items()}

    assert started(store)(np.arange(5)) == 10
    assert store.saved == 2


def test_what_code_depends_on_names_versions_flags_and_processor() -> None:
    said = conditions()

    assert numba.__version__ in said
    assert "_nrt" in said
    assert "x86_64" in said or "aarch64" in said or "arm64" in said

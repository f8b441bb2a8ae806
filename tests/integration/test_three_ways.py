"""Compiled code with its bounds checked, and with the compiler off: a wrong index shows nowhere else."""

import os
import subprocess
import sys

import pytest

SMALL = [
    "tests/unit/models/core",
    "tests/unit/models/events",
    "tests/unit/models/reach/test_targets.py",
    *(
        f"tests/unit/models/state/test_{name}.py"
        for name in ("acts", "counts", "duplicates", "effects", "recorded", "rhythm")
    ),
]
CHECKED = [*SMALL, "tests/unit/models/reach"]
# An event takes half a millisecond: where thousands are counted, it takes too long.
UNCOMPILED = [*SMALL, "tests/unit/models/reach/test_reach_properties.py"]


@pytest.mark.parametrize(
    ("way", "tested"), [("NUMBA_BOUNDSCHECK", CHECKED), ("NUMBA_DISABLE_JIT", UNCOMPILED)]
)
def test_what_is_compiled_passes_its_tests(way: str, tested: list[str]) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tested]
    ran = subprocess.run(command, env={**os.environ, way: "1"}, capture_output=True, check=False, text=True)

    assert ran.returncode == 0, ran.stdout[-5000:]

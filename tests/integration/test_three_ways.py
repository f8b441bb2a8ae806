"""Compiled code with its bounds checked, and with the compiler off: a wrong index shows nowhere else."""

import os
import subprocess
import sys

import pytest

SMALL = [
    "tests/unit/models/authenticity",
    "tests/unit/models/core",
    "tests/unit/models/events",
    # It reads events by their models alone.
    "--ignore=tests/unit/models/events/test_json_schema.py",
    "tests/unit/models/reach/test_blocks.py",
    "tests/unit/models/reach/test_targets.py",
    *(
        f"tests/unit/models/state/test_{name}.py"
        for name in (
            "acts",
            "count_lines",
            "counts",
            "duplicates",
            "effects",
            "plain_sales",
            "ratings",
            "recorded",
            "rhythm",
        )
    ),
]
CHECKED = [*SMALL, "tests/unit/models/reach"]
# An event takes half a millisecond: where thousands are counted, it takes too long.
CROWDS = {
    "tests/unit/models/reach/test_reach_properties.py": (
        "test_a_crowd_seen_in_two_parts_that_overlap_counts_once",
        "test_a_sample_counts_exactly_those_who_reach_its_level",
    ),
    "tests/unit/models/reach/test_crowds.py": (
        "test_every_window_reads_as_if_all_were_stored",
        "test_a_window_without_a_crowd_reads_exactly_whatever_was_before_it",
    ),
}
DESELECTED = [f"--deselect={file}::{name}" for file, names in CROWDS.items() for name in names]
UNCOMPILED = [*SMALL, *CROWDS, *DESELECTED]


def run(way: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run tests one way, in a process of their own."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments], env={**os.environ, way: "1"}, capture_output=True, check=False, text=True
    )


def test_what_is_compiled_passes_its_tests_with_bounds_checked() -> None:
    ran = run("NUMBA_BOUNDSCHECK", *CHECKED)

    assert ran.returncode == 0, ran.stdout[-5000:]


def test_what_is_compiled_passes_its_tests_with_the_compiler_off_and_these_call_all_of_it() -> None:
    """With bounds checked the same run, and others: so what is called here is called there, too."""
    ran = run("NUMBA_DISABLE_JIT", "-p", "tests.integration.reached", *UNCOMPILED)

    assert ran.returncode == 0, ran.stdout[-5000:]


def test_a_run_that_leaves_a_compiled_function_out_fails() -> None:
    ran = run("NUMBA_DISABLE_JIT", "-p", "tests.integration.reached", "tests/unit/models/core/test_sums.py")

    assert ran.returncode == 1
    assert "no test calls: " in ran.stdout
    assert "add_rows" not in ran.stdout


@pytest.mark.parametrize("way", ["NUMBA_BOUNDSCHECK", "NUMBA_DISABLE_JIT"])
def test_a_wrong_index_is_found(way: str) -> None:
    """Compiled as it is, it reads foreign memory: this shows that neither way is compiled so."""
    ran = run(way, "tests/integration/wrong_index.py")

    assert ran.returncode == 1
    assert "IndexError" in ran.stdout

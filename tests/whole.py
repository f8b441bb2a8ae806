"""How thoroughly scenarios of faults run: with one seed, or, where `--whole` says so, with all."""

import pytest

COMMAND = "python3 tasks.py faults"
SEEDS = (1, 2, 3)


def configure(config: pytest.Config) -> None:
    """Make the mark `whole` known."""
    config.addinivalue_line("markers", "whole: only in the whole run")


def with_seeds(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a `seed` with one seed, or with all of them; what is left out says so."""
    whole = metafunc.config.getoption("--whole", default=False)
    left_out = pytest.mark.skip(reason=f"only in the whole run: `{COMMAND}`")
    short = () if metafunc.definition.get_closest_marker("whole") else SEEDS[:1]
    marks = [() if whole or seed in short else left_out for seed in SEEDS]
    metafunc.parametrize(
        "seed", [pytest.param(seed, marks=mark) for seed, mark in zip(SEEDS, marks, strict=True)]
    )

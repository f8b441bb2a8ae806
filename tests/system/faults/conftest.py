"""The fault tests' options, how thoroughly each runs, and the table at the end."""

import pytest

from tests.system.faults.board import Row, Run, table

COMMAND = "python3 tasks.py faults"
SEEDS = (1, 2, 3)
BOARD = pytest.StashKey[list[Row]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption(
        "--whole", action="store_true", help="run the fault tests whole, as `tasks.py faults` does"
    )
    group.addoption("--workers", type=int, default=0, help="run fault tests with another number of workers")


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(BOARD, [])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario with one seed, or with all of them; what is left out says so."""
    if "seed" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--whole", default=False)
        left_out = pytest.mark.skip(reason=f"only in the whole run: `{COMMAND}`")
        marks = [() if whole or seed == SEEDS[0] else left_out for seed in SEEDS]
        metafunc.parametrize(
            "seed", [pytest.param(seed, marks=mark) for seed, mark in zip(SEEDS, marks, strict=True)]
        )


@pytest.fixture
def run(request: pytest.FixtureRequest, seed: int) -> Run:
    """Tell a scenario its seed, how thoroughly to run, and where to write what came of it."""
    options = request.config
    whole, workers = (options.getoption(name, default=0) for name in ("--whole", "--workers"))
    return Run(seed, bool(whole), int(workers), options.stash.setdefault(BOARD, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if rows := config.stash.get(BOARD, []):
        terminalreporter.section("fault tests")
        for line in table(rows):
            terminalreporter.write_line(line)

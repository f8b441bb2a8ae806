"""The fault tests' options, how thoroughly each runs, and the table at the end."""

from dataclasses import asdict
from typing import Any

import pytest

from tests import whole
from tests.system.faults.board import Row, Run, table
from tests.system.faults.hiding import Hiding, summaries

BOARD = pytest.StashKey[list[Row]]()
HIDINGS = pytest.StashKey[list[Hiding]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("faults")
    group.addoption(
        "--whole", action="store_true", help="run the fault tests whole, as `tasks.py faults` does"
    )
    group.addoption("--workers", type=int, default=0, help="run fault tests with another number of workers")
    group.addoption("--rebuilds", type=int, default=1, help="how many rebuilds over added partitions to run")
    group.addoption("--nameless", action="store_true", help="give the workers no names (KPIS_INSTANCE)")


def pytest_configure(config: pytest.Config) -> None:
    config.stash.setdefault(BOARD, [])
    config.stash.setdefault(HIDINGS, [])
    whole.configure(config)
    config.addinivalue_line("markers", "rebuilds: run as often as --rebuilds says, each time with a seed")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario with one seed, or with all of them; what is left out says so."""
    if "seed" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("rebuilds"):
        metafunc.parametrize("seed", range(1, metafunc.config.getoption("--rebuilds", default=1) + 1))
        return
    whole.with_seeds(metafunc)


@pytest.fixture
def run(request: pytest.FixtureRequest, seed: int) -> Run:
    """Tell a scenario its seed, how thoroughly to run, and where to write what came of it."""
    options = request.config
    thorough, workers, nameless = (
        options.getoption(name, default=0) for name in ("--whole", "--workers", "--nameless")
    )
    stash = options.stash
    return Run(seed, bool(thorough), int(workers), bool(nameless), stash[BOARD], stash[HIDINGS])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the lines to the process that prints them, where tests run in several (pytest-xdist)."""
    output, stash = getattr(session.config, "workeroutput", None), session.config.stash
    if output is not None:
        output["board"] = [asdict(row) for row in stash[BOARD]]
        output["hidings"] = [asdict(hiding) for hiding in stash[HIDINGS]]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    node.config.stash[BOARD] += [Row(**row) for row in output.get("board", ())]
    node.config.stash[HIDINGS] += [Hiding(**hiding) for hiding in output.get("hidings", ())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    hidings = config.stash[HIDINGS]
    acts = summaries(hidings)
    for title, rows in (("fault tests", config.stash[BOARD]), ("seconds hidden, by act", acts)):
        if rows:
            terminalreporter.section(title)
            for line in table(rows):
                terminalreporter.write_line(line)

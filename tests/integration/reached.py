"""A plugin of pytest: where nothing is compiled, a run fails that calls not every compiled function.

So whoever adds one without a test that runs all three ways is told.
"""

import ast
import sys
from pathlib import Path
from types import CodeType, FrameType

import pytest

import models

_DECORATORS = {"compiled", "inlined"}


def compiled_functions(sources: Path) -> set[tuple[str, str]]:
    """Return by file and name the functions below a folder that are compiled."""
    return {
        (str(path), node.name)
        for path in sources.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(one, ast.Name) and one.id in _DECORATORS for one in node.decorator_list)
    }


class Reached:
    """Notes which of some functions are called, until all are."""

    def __init__(self, functions: set[tuple[str, str]]) -> None:
        self.left = functions
        self._known: set[CodeType] = set()

    def pytest_runtest_setup(self) -> None:
        """Look at calls: anew in each test, for some tests or tools end it."""
        if self.left:
            sys.settrace(self._note)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail if a function was not called."""
        sys.settrace(None)
        if self.left:
            sys.stdout.write("\nno test calls: " + ", ".join(sorted(name for _, name in self.left)) + "\n")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _note(self, frame: FrameType, _event: str, _arg: object) -> None:
        code = frame.f_code
        if code not in self._known:
            self._known.add(code)
            self.left.discard((code.co_filename, code.co_name))
            if not self.left:
                sys.settrace(None)


def pytest_configure(config: pytest.Config) -> None:
    """Watch all that the models have compiled."""
    functions = compiled_functions(Path(models.__file__).parent)
    assert functions
    config.pluginmanager.register(Reached(functions))

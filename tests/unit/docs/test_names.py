"""Files and names of the code that the pages mention are there: a page that outlived a change is seen."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.test_layout import INNER
from tests.unit.docs.written import PAGES, ROOT, page_id

_BASES = (ROOT, ROOT / "tests", ROOT / "tests/golden", ROOT / "tests/system/support")
_FILE = re.compile(r"`([\w./@-]+/[\w.@-]+\.(?:py|yaml|yml|md))`")
_IN_FILE = re.compile(r"`([\w/]+\.py)` `([A-Z]\w+)\.(\w+)`")


@cache
def methods(file: str) -> set[tuple[str, str]]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {(one.name, node.name) for one in classes for node in one.body if isinstance(node, functions)}


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_a_file_that_a_page_names_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    # A superseded decision names what was there then.
    named = set() if "\n**Superseded by " in text else set(_FILE.findall(text))
    missing = [name for name in named if not any((base / name).exists() for base in (*_BASES, path.parent))]

    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_a_method_that_a_page_names_beside_its_file_is_there(path: Path) -> None:
    named = _IN_FILE.findall(path.read_text("utf-8"))

    assert [found for found in named if tuple(found[1:]) not in methods(found[0])] == []


def test_the_readme_shows_every_room() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [room for rooms in INNER.values() for room in rooms if f"`{room}/`" not in readme] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) < 120

"""The layers hold: who may import whom, whose names ours are, and how long a file may be."""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "connections": {"models"},
    "streams": {"models", "connections"},
    "exporters": {"models", "connections"},
    "producers": {"models", "connections"},
    "embedded": set(),
    "monitoring": {"models"},
    "commands": {"models", "connections", "streams", "exporters", "producers", "embedded"},
}
OURS = set(MAY_IMPORT)
IMPURE = {"os", "time", "random", "asyncio", "socket", "subprocess"}
PURE_DATA = {"pydantic", "pydantic_core", "crawleruseragents", "msgspec", "numpy", "xxhash"}
ONLY_IN = {"ruamel": {"models/campaign_file.py", "models/yaml_data.py"}}
LONGEST = 300

FILES = sorted(path for package in OURS for path in (ROOT / package).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Give line and top-level name of every import, those inside functions included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." if node.level else str(node.module).split(".")[0]


def allowed(path: Path) -> set[str]:
    """List the names, of ours and others', that a file of models may import."""
    extra = {module for module, files in ONLY_IN.items() if name(path) in files}
    return {"models"} | PURE_DATA | extra | (set(sys.stdlib_module_names) - IMPURE)


def test_files_were_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} >= {
        "models",
        "streams",
        "producers",
        "commands",
    }


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_layer_imports_only_those_below(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    forbidden = OURS - MAY_IMPORT[package] - {package} | {".", "tests", "tasks", "benchmarks"}

    assert [found for found in imports(path.read_text()) if found[1] in forbidden] == []


@pytest.mark.parametrize("path", [path for path in FILES if name(path).startswith("models/")], ids=name)
def test_models_are_pure(path: Path) -> None:
    assert [found for found in imports(path.read_text()) if found[1] not in allowed(path)] == []


def test_an_import_inside_a_function_is_seen() -> None:
    source = (
        "def f():\n    import os.path, models.tally\n    from . import g\n    from streams.app import h\n"
    )

    assert sorted(imports(source)) == [(2, "models"), (2, "os"), (3, "."), (4, "streams")]


@pytest.mark.parametrize("package", sorted(OURS))
def test_a_packages_name_is_this_repositorys(package: str) -> None:
    """A `models` of somebody else, installed beside ours, would be imported in its place."""
    spec = importlib.util.find_spec(package)

    assert spec is not None
    assert [Path(place).resolve() for place in spec.submodule_search_locations or []] == [ROOT / package]
    assert set(packages_distributions().get(package, [])) <= {"campaign-kpis"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST

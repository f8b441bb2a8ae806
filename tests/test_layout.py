"""The layers hold: who may import whom, whose names ours are, and how long a file may be."""

import ast
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
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
    "simulations": {"models", "producers"},
    "learning": {"models", "benchmarks"},
    "commands": {"models", "connections", "streams", "exporters", "producers", "embedded"},
}
OURS = set(MAY_IMPORT)
INNER = {
    # A room imports those before it; what lies beside the rooms is imported by all and imports none.
    "models": (
        "core", "statistics", "kpis", "authenticity", "campaigns", "sentiment", "events", "admission",
        "reach", "state", "readings", "metrics",
    ),
    "streams": ("kafka", "journal", "rating", "shard", "worker"),
}  # fmt: skip
IMPURE = {"os", "time", "random", "asyncio", "socket", "subprocess"}
PURE_DATA = {
    "pydantic",
    "pydantic_core",
    "crawleruseragents",
    "idna",
    "llvmlite",
    "msgspec",
    "numba",
    "numpy",
    "scipy",
}
ONLY_IN = {"ruamel": {"models/campaigns/yaml_data.py", "models/campaigns/yaml_tabs.py"}}
LONGEST = 300
WIDEST = 110
"""Columns of a line, as ruff holds Python to."""

FILES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for package in sorted(OURS)
    for path in sorted((ROOT / package).rglob("*.py"))
}
"""The product's sources by path."""
DATA = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for package in sorted(OURS)
    for pattern in ("*.yaml", "*.tsv")
    for path in sorted((ROOT / package).rglob(pattern))
}
"""The product's data files by path."""


@cache
def modules(source: str) -> tuple[tuple[int, str], ...]:
    """Return line and full name of every module imported, those inside functions included.

    Of `from a.b import c` both a.b and a.b.c, for c may be a module.
    """
    return tuple(_modules(ast.parse(source)))


def _modules(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "."
                continue
            yield node.lineno, str(node.module)
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Return line and top-level name of every import."""
    found = ((line, module.split(".")[0] or ".") for line, module in modules(source))
    yield from dict.fromkeys(found)


def room_of(package: str, module: str) -> str | None:
    """Name the room of a package that a module is in; empty for what lies beside the rooms."""
    first, *rest = module.split(".")
    if first != package:
        return None
    return rest[0] if rest and rest[0] in INNER[package] else ""


def upward(package: str, own: str, source: str) -> list[tuple[int, str]]:
    """List the imports that lead from a room (empty: from beside the rooms) to one above it."""
    order = ("", *INNER[package])
    above = set(order[order.index(own) + 1 :])
    return [found for found in modules(source) if room_of(package, found[1]) in above]


def allowed(path: str) -> set[str]:
    """List the names, of ours and others', that a file of models may import."""
    extra = {module for module, files in ONLY_IN.items() if path in files}
    return {"models"} | PURE_DATA | extra | (set(sys.stdlib_module_names) - IMPURE)


def test_files_were_found() -> None:
    assert {path.split("/")[0] for path in FILES} == OURS
    assert len(FILES) > 100


def offending(found: Callable[[str, str], object], package: str = "") -> dict[str, object]:
    """Return what is found in the files of a package (empty: of all), for those where anything is."""
    looked_at = {path: found(path, source) for path, source in FILES.items() if path.startswith(package)}
    return {path: what for path, what in looked_at.items() if what}


def test_a_layer_imports_only_those_below() -> None:
    def forbidden(path: str, source: str) -> list[tuple[int, str]]:
        package = path.split("/")[0]
        others = (OURS | {".", "tests", "tasks", "benchmarks"}) - MAY_IMPORT[package] - {package}
        return [found for found in imports(source) if found[1] in others]

    assert offending(forbidden) == {}


def test_faust_stays_in_one_room() -> None:
    users = offending(lambda _, source: [found for found in imports(source) if found[1] == "faust"])

    assert {path.rpartition("/")[0] for path in users} == {"streams/kafka"}


@pytest.mark.parametrize("package", sorted(INNER))
def test_a_room_imports_only_those_before_it(package: str) -> None:
    def above(path: str, source: str) -> list[tuple[int, str]]:
        _, *inner = path.split("/")
        return upward(package, inner[0] if len(inner) > 1 else "", source)

    assert offending(above, f"{package}/") == {}


@pytest.mark.parametrize("package", sorted(INNER))
def test_every_room_is_listed_and_says_what_is_in_it_and_what_is_not(package: str) -> None:
    rooms = {path.name for path in (ROOT / package).iterdir() if (path / "__init__.py").exists()}

    assert rooms == set(INNER[package])
    for room in rooms:
        said = ast.get_docstring(ast.parse((ROOT / package / room / "__init__.py").read_text())) or ""
        assert len(said.split(". ")) + said.count(".\n") >= 2, f"{room} says: {said}"


@pytest.mark.parametrize(
    "planted",
    ["from models.state.delta import Delta", "import models.state.delta", "from models import state"],
)
def test_a_planted_upward_import_is_seen(planted: str) -> None:
    assert upward("models", "reach", f"def f():\n    {planted}\n")
    assert upward("models", "", planted)
    assert not upward("models", "readings", planted)


def test_models_are_pure() -> None:
    def impure(path: str, source: str) -> list[tuple[int, str]]:
        return [found for found in imports(source) if found[1] not in allowed(path)]

    assert offending(impure, "models/") == {}


def test_an_import_inside_a_function_is_seen() -> None:
    source = "def f():\n    import os.path, models.tally\n    from . import g\n    from streams import h\n"

    assert sorted(imports(source)) == [(2, "models"), (2, "os"), (3, "."), (4, "streams")]


@cache
def installed() -> Mapping[str, list[str]]:
    """Return the distributions that each importable name comes from."""
    return packages_distributions()


@pytest.mark.parametrize("package", sorted(OURS))
def test_a_packages_name_is_this_repositorys(package: str) -> None:
    """A `models` of somebody else, installed beside ours, would be imported in its place."""
    spec = importlib.util.find_spec(package)

    assert spec is not None
    assert [Path(place).resolve() for place in spec.submodule_search_locations or []] == [ROOT / package]
    assert set(installed().get(package, [])) <= {"campaign-kpis"}


def test_no_file_is_too_long() -> None:
    lengths = {path: len(source.splitlines()) for path, source in FILES.items()}

    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def too_wide(text: str) -> list[int]:
    """Return the numbers of lines that are too wide and have a space to be broken at."""
    lines = enumerate(text.splitlines(), 1)
    return [number for number, line in lines if len(line) > WIDEST and " " in line.strip()]


def test_no_line_of_a_data_file_is_too_wide() -> None:
    assert len(DATA) > 50
    assert {path: found for path, text in DATA.items() if (found := too_wide(text))} == {}


def test_a_planted_wide_line_is_seen() -> None:
    word = "x" * WIDEST

    assert too_wide(f"a: >-\n  b\n  {word[2:]} c\n  {word}\n  {word[4:]}\n") == [3]

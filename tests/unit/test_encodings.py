"""Our own files are read and written as UTF-8, whatever the locale is."""

import ast
from collections.abc import Iterator

import pytest

from tests.test_layout import FILES

TEXT = {"read_text": 0, "write_text": 1}
"""How many arguments come before the encoding."""


def without_encoding(source: str) -> Iterator[int]:
    """Return the lines of calls that take the locale's encoding."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        named = {keyword.arg for keyword in node.keywords}
        if name in TEXT and len(node.args) <= TEXT[name] and "encoding" not in named:
            yield node.lineno
        if name in ("run", "Popen", "check_output") and "text" in named and "encoding" not in named:
            yield node.lineno
        if (
            name == "open"
            and isinstance(node.func, ast.Name)
            and not _is_binary(node) | ("encoding" in named)
        ):
            yield node.lineno


def _is_binary(node: ast.Call) -> bool:
    return any(isinstance(one, ast.Constant) and "b" in str(one.value) for one in node.args[1:2])


@pytest.mark.parametrize("path", sorted(FILES))
def test_no_text_is_read_or_written_in_the_encoding_of_the_locale(path: str) -> None:
    assert not list(without_encoding(FILES[path])), path


def test_such_a_call_is_found() -> None:
    calls = ["p.read_text()", "p.write_text(x)", "open(p)", "open(p, 'w')", "subprocess.run(c, text=True)"]
    fine = ["p.read_text('utf-8')", "p.write_text(x, encoding='utf-8')", "open(p, 'rb')", "journal.open(1)"]
    assert [len(list(without_encoding(call))) for call in (*calls, *fine)] == [1] * 5 + [0] * 4

"""Each word of the glossary is one that the code uses."""

import re

import pytest

from docs.generate import HERE

TERMS = re.findall(r"^\*\*(.+?)\*\*:", (HERE / "glossary.md").read_text("utf-8"), re.MULTILINE)
CODE = "\n".join(
    path.read_text("utf-8")
    for package in ("models", "streams")
    for path in (HERE.parent / package).rglob("*.py")
)


def test_no_word_is_explained_twice() -> None:
    assert len(TERMS) > 20
    assert len(set(TERMS)) == len(TERMS)


@pytest.mark.parametrize("term", TERMS)
def test_a_word_is_used(term: str) -> None:
    stem = term.lower().removesuffix("e").replace(" ", "[ _]")

    assert re.search(rf"\b_*{stem}", CODE, re.IGNORECASE), f"no code knows {term!r} any more"

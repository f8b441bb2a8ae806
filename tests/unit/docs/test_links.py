"""Links between pages lead to a file, and to a heading of it."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.unit.docs.written import PAGES, ROOT, page_id, prose

LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]+))?\)")


@cache
def anchors(path: Path) -> set[str]:
    """Return what GitHub calls the headings of a page in its address."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    texts = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in texts}


def broken(path: Path) -> list[str]:
    """List the links of a page that lead nowhere."""
    found = [(target, anchor) for target, anchor in LINK.findall(path.read_text("utf-8"))]
    files = {target: path.parent / target if target else path for target, _ in found}
    missing = [target for target, file in files.items() if not file.exists()]
    return missing + [
        f"{target}#{anchor}"
        for target, anchor in found
        if anchor and files[target].suffix == ".md" and target not in missing
        if anchor not in anchors(files[target])
    ]


@pytest.mark.parametrize("path", [*PAGES, ROOT / "CHANGELOG.md"], ids=page_id)
def test_a_link_leads_to_a_file_and_to_a_heading_in_it(path: Path) -> None:
    assert broken(path) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A `b`, c\n[x](gone.md) [y](#a-b-c) [z](#a-b) [u](page.md#d) [w](https://e.example/#f)\n"
    )

    assert broken(page) == ["gone.md", "#a-b", "page.md#d"]

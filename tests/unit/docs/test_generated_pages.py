from pathlib import Path

import pytest

from docs.generate import pages

PAGES = pages()


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_a_generated_page_is_fresh(path: Path) -> None:
    assert PAGES[path] == path.read_text("utf-8"), "stale: run `python3 tasks.py docs`"

"""The pages that are written for readers, and what in them is code."""

import re
from pathlib import Path

from docs.generate import HERE

ROOT = HERE.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "tests/README.md", "benchmarks/README.md")),
    *sorted(HERE.rglob("*.md")),
]
_FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def page_id(path: Path) -> str:
    """Name a page as it is found in the repository."""
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """Return a page without its fenced blocks, in which a `#` is no heading."""
    return _FENCED.sub("", path.read_text("utf-8"))

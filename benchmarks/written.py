"""docs/benchmarks.md: each benchmark writes its own part of it, and leaves the others."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.records import machine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


class NoSuchPart(Exception):
    """The page has no place for a part."""


def replaced(page: str, part: str, text: str) -> str:
    """Return a page with another text between `<!-- PART -->` and `<!-- end of PART -->`.

    Raises:
        NoSuchPart: the page lacks these lines.

    """
    start, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->"
    if start not in page or end not in page:
        raise NoSuchPart(f"the page has no lines {start.strip()} and {end}")
    before, after = page.split(start)[0], page.split(end)[1]
    return f"{before}{start}\n{text.strip()}\n\n{end}{after}"


def write_part(part: str, text: str, page: Path = PAGE) -> None:
    """Put what a benchmark found in its place."""
    page.write_text(replaced(page.read_text("utf-8"), part, text), "utf-8")


def circumstances() -> str:
    """Say on what machine this is, with which versions, and when."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    load = os.getloadavg()[0]
    return (
        f"{machine()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"commit {commit.strip() or 'unknown'}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load:.1f}"
    )

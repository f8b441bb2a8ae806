"""Decisions are numbered one after the other, each once: two that were written at a time had one number."""

from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[3] / "docs" / "decisions").glob("[0-9]*.md"))


def test_each_has_the_next_number_in_its_name_and_its_title() -> None:
    assert DECISIONS
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for number, path in enumerate(DECISIONS, 1):
        assert path.read_text().startswith(f"# {number}. "), path.name

"""The page on imports holds: its maps are maps, and it names every key, map and command as it is."""

import re
from pathlib import Path

import pytest

from producers.imports.import_map import ImportMap
from producers.imports.map_file import names, read_map

PAGE = (Path(__file__).parents[3] / "docs" / "import.md").read_text("utf-8")
EVENTS = (Path(__file__).parents[3] / "docs" / "events.md").read_text("utf-8")
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", BLOCK.findall(PAGE) + BLOCK.findall(EVENTS))
def test_a_map_on_a_page_is_a_map_without_a_warning(tmp_path: Path, block: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(block)
    assert read_map(str(path)).warnings == ()


def test_the_page_has_maps_of_every_kind() -> None:
    blocks = "".join(BLOCK.findall(PAGE))
    assert [kind for kind in ("figures:", "orders:", "refunds:") if kind not in blocks] == []


def test_every_map_that_comes_along_is_listed() -> None:
    listed = re.findall(r"^\| `(\w+)` \| [A-Z]", PAGE, re.MULTILINE)
    assert sorted(listed) == names()


def test_every_key_of_a_map_is_explained() -> None:
    table = PAGE[PAGE.index("| key | meaning |") : PAGE.index("### Figures per day")]
    first_cells = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(first_cells))) == ImportMap.model_fields.keys() | {"based_on"}

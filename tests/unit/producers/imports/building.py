"""Maps and files of tests."""

import io
from textwrap import dedent
from typing import Any

from producers.imports.columns import Layout, lay_out, wanted
from producers.imports.import_map import ImportMap
from producers.imports.map_file import read_map
from producers.imports.rows import LeftOut, Made, RowReader
from producers.imports.table import read_table
from producers.imports.times import Placed
from producers.imports.values import Problem

NOON = Placed(1_795_867_200_000_000, "2026-11-28")
"""2026-11-28T12:00:00Z."""


def own_map(tmp_path: Any, text: str) -> ImportMap:
    path = tmp_path / "map.yaml"
    path.write_text(dedent(text))
    return read_map(str(path)).map


def laid_out(found: ImportMap, header: str) -> Layout:
    return lay_out(found, header.split(","))


def read(found: ImportMap, content: str, as_of: Placed | None = NOON) -> list[Made | Problem | LeftOut]:
    """Read all rows of a file."""
    raw = io.BytesIO(dedent(content).encode())
    table = read_table(raw, "f.csv", wanted(found), found.file.encoding, found.file.delimiter)
    reader = RowReader(found, lay_out(found, table.header), as_of)
    return [made for row in table.rows for made in reader.read(row)]


def events(found: ImportMap, content: str, as_of: Placed | None = NOON) -> list[dict[str, Any]]:
    """Return the events of a file, without their ids; nothing else may come of it."""
    made = read(found, content, as_of)
    assert all(isinstance(one, Made) for one in made), made
    return [{k: v for k, v in one.event.items() if k != "event_id"} for one in made if isinstance(one, Made)]


def problems(found: ImportMap, content: str, as_of: Placed | None = NOON) -> list[tuple[str, str]]:
    """Return what is wrong in a file: column and rule."""
    return [(one.column, one.rule) for one in read(found, content, as_of) if isinstance(one, Problem)]

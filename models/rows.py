"""How state is stored: one row a key, in the changelog partition of the events that caused it.

Keys are `<partition>|<kind>|…`; ids hold no `|`, an order id stands last and may. Values are JSON.
`VERSION` goes with every checkpoint, so that another release knows what it reads.
"""

import json
from typing import Any, NamedTuple

from models.cells import Cell, CellKey
from models.leaf import Leaf
from models.windows import WINDOW_NAMES

VERSION = 1


class Row(NamedTuple):
    """One change to write: `value` None deletes the key."""

    key: bytes
    value: bytes | None


def cell_key(key: CellKey) -> bytes:
    """Name the row of a cell."""
    return f"{key.partition}|cell|{'|'.join(key.leaf)}|{key.window}|{key.bucket}".encode()


def read_cell_key(parts: list[str]) -> CellKey:
    """Read what follows the kind in a cell's key, the partition first."""
    partition, campaign, influencer, content, channel, window, bucket = parts
    (name,) = (known for known in WINDOW_NAMES if known == window)
    return CellKey(int(partition), Leaf(campaign, influencer, content, channel), name, int(bucket))


def person_key(partition: int, leaf: Leaf, person: str) -> bytes:
    """Name the row of a person's last sighting at a leaf."""
    return f"{partition}|person|{'|'.join(leaf)}|{person}".encode()


def order_key(partition: int, campaign: str, order_id: str) -> bytes:
    """Name the row of an order."""
    return f"{partition}|order|{campaign}|{order_id}".encode()


def ledger_key(partition: int, topic: str) -> bytes:
    """Name the row of a source topic's outcomes."""
    return f"{partition}|ledger|{topic}".encode()


def checkpoint_key(partition: int) -> bytes:
    """Name the row that says up to where a partition's rows are whole."""
    return f"{partition}|checkpoint".encode()


def split_key(key: bytes) -> tuple[int, str, list[str]]:
    """Take a key apart: its partition, kind, and the rest (an order id is kept whole)."""
    partition, kind, *rest = key.decode().split("|", 2)
    names = rest[0].split("|", 1 if kind == "order" else -1) if rest else []
    return int(partition), kind, names


def dump(value: Any) -> bytes:
    """Encode a row's value."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def load(value: bytes) -> Any:
    """Decode a row's value."""
    return json.loads(value)


def dump_cell(cell: Cell) -> bytes:
    """Encode a cell: its counts and the offsets applied to it."""
    return dump([cell.counts, cell.applied])


def load_cell(value: bytes) -> Cell:
    """Decode a cell."""
    counts, applied = load(value)
    return Cell(counts, applied)

"""How a delta is written: MessagePack, with each column as the bytes of a little-endian array.

`VERSION` stands first, so that another release knows what it reads.
"""

from typing import Any

import msgspec
import numpy as np

from models.counts import COLUMNS, Increments
from models.delta import Delta, Ids, Sightings
from models.leaf import Leaf
from models.orders import decode_order, encode_order

VERSION = 2


def encode_delta(delta: Delta) -> bytes:
    """Write a delta."""
    return msgspec.msgpack.encode(
        [
            VERSION,
            delta.start,
            delta.end,
            delta.leaves,
            COLUMNS,
            _pack(delta.counts, "u4", "u4", "u1", "i8"),
            _pack(delta.sightings, "u4", "u8", "u4", "i2"),
            _pack(delta.ids, "u8", "u4"),
            [[*key, encode_order(order)] for key, order in delta.orders.items()],
            delta.ledger,
            delta.targets,
        ]
    )


def decode_delta(data: bytes) -> Delta:
    """Read a delta.

    Raises:
        ValueError: the bytes are no delta, or of a version that this release does not know.

    """
    try:
        version, *parts = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, TypeError, ValueError):
        raise ValueError("state cannot be read: it is damaged, or of an older release") from None
    if version != VERSION:
        raise ValueError(f"state is of version {version}, this release reads {VERSION}")
    start, end, leaves, columns, counts, sightings, ids, orders, ledger, targets = parts
    return Delta(
        start,
        end,
        [Leaf(*leaf) for leaf in leaves],
        _in_our_columns(Increments(*_unpack(counts, "u4", "u4", "u1", "i8")), columns),
        Sightings(*_unpack(sightings, "u4", "u8", "u4", "i2")),
        Ids(*_unpack(ids, "u8", "u4")),
        {(campaign, order_id): decode_order(order) for campaign, order_id, order in orders},
        ledger,
        targets,
    )


def _pack(columns: Any, *types: str) -> list[bytes]:
    return [column.astype(f"<{kind}").tobytes() for column, kind in zip(columns, types, strict=True)]


def _unpack(columns: list[bytes], *types: str) -> list[Any]:
    read = [np.frombuffer(column, dtype=f"<{kind}") for column, kind in zip(columns, types, strict=True)]
    return [column if column.dtype == np.uint64 else column.astype(np.int64) for column in read]


def _in_our_columns(counts: Increments, names: list[str]) -> Increments:
    """Renumber the columns as this release does: another may know more or fewer."""
    unknown = sorted(set(names) - set(COLUMNS))
    if unknown:
        raise ValueError(f"state counts {', '.join(unknown)}, which this release does not know")
    ours = np.array([COLUMNS.index(name) for name in names], dtype=np.int64)
    return counts._replace(columns=ours[counts.columns])

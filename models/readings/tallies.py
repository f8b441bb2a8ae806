"""Tallies of many keys at once: what models.tally lists, as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.core.columns import ACTIVE, COLUMNS, LIMB_BITS, SQUARED, Ints
from models.state.order_store import Totals
from models.windows import WindowName

Columns = dict[str, Any]
"""Columns of counts, by the names of models.tally; whole numbers, of any size where they are amounts."""
_PARTS = {
    name: [column for column in COLUMNS if column == name or column.startswith(f"{name}:")]
    for name in SQUARED
}
_WHOLE = 1 << (62 - LIMB_BITS)
"""Below it a high limb can be shifted up within 64 bits."""


def activity_of(sums: Ints) -> Ints:
    """Count all that people saw and did, by line of sums in the order of COLUMNS."""
    counted: Ints = sums[:, ACTIVE].sum(axis=1)
    return counted


def of_sums(sums: Ints) -> Columns:
    """Return the columns of sums by key: a line a key, in the order of COLUMNS.

    None is below 0: where a total fell in a window, and had grown before it, that corrects what came earlier.
    """
    found: Columns = dict(zip(COLUMNS, np.ascontiguousarray(np.maximum(sums, 0).T), strict=True))
    excess = {name: found.pop(name) for name in COLUMNS if name.startswith("excess:")}
    for name, parts in _PARTS.items():
        low, high = (excess[f"excess:{name}:{limb}"] for limb in ("low", "high"))
        if high.max(initial=0) >= _WHOLE:
            low, high = low.astype(np.float64), high.astype(np.float64)
        found[f"squares:{name}"] = sum(found[part] for part in parts) + low + high * (1 << LIMB_BITS)
    return found


def of_orders(orders: Sequence[Totals], window: WindowName) -> Columns:
    """Return the columns of what orders count in a window, a line an entry."""
    found: dict[str, list[int]] = {}
    for line, totals in enumerate(orders):
        for name, count in totals.get(window, {}).items():
            column = found.get(name)
            if column is None:
                column = found[name] = [0] * len(orders)
            column[line] = count
    return {
        name: np.array(column, object if _is_amount(name) else np.int64) for name, column in found.items()
    }


def stacked(parts: Sequence[Columns], lengths: Sequence[int]) -> Columns:
    """Put columns of so many lines each below each other."""
    ends = np.cumsum([0, *lengths]).tolist()
    found: Columns = {}
    for part, start, end in zip(parts, ends, ends[1:], strict=False):
        for name, column in part.items():
            if name not in found:
                found[name] = np.zeros(ends[-1], object if _is_amount(name) else np.int64)
            found[name][start:end] = column
    return found


def by_key(columns: Mapping[str, Any], keys: Ints, length: int) -> Columns:
    """Sum columns by the index of a key, a line a key; those of −1 are left out."""
    some = np.flatnonzero(keys >= 0)
    found: Columns = {}
    for name, column in columns.items():
        sums = np.zeros(length, column.dtype)
        np.add.at(sums, keys[some], column[some])
        found[name] = sums
    return found


def _is_amount(name: str) -> bool:
    return name.startswith(("revenue:", "squares:revenue:"))

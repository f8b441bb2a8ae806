"""What is stored of what a shard's judge remembers: the part of a delta that it is restored from.

It holds values, not sums: each entry that changed, as it was at the cut, and each campaign's facts. So of two
consecutive parts the later one wins, and what it let go is gone from the earlier one, too: an entry that did
not change since is as old as it was, and below the floor or not.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from models.authenticity.columns import Hashes, Mask
from models.authenticity.limits import Caps
from models.authenticity.memory import TABLES, Facts, Memory
from models.authenticity.table import Array, Entries
from models.core.columns import Ints, renumbered

# 2⁶⁴ ÷ the golden ratio.
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Remembered(NamedTuple):
    """What changed: of each campaign, by number, its facts; and by table its entries."""

    facts: dict[int, Facts]
    tables: tuple[Entries, ...]


def nothing() -> Remembered:
    """Return what is stored where nothing changed."""
    none = np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.int64)
    return Remembered({}, tuple(Entries(*none, table.columns) for table in Memory(0, Caps()).tables))


def joined(parts: Sequence[tuple[int, Facts, tuple[Entries, ...]]]) -> Remembered:
    """Join what was cut of several campaigns, by their numbers."""
    by_table = [
        stacked([empty, *(entries[at] for _, _, entries in parts)])
        for at, empty in enumerate(nothing().tables)
    ]
    return Remembered({number: facts for number, facts, _ in parts}, tuple(by_table))


def by_campaign(remembered: Remembered) -> Iterator[tuple[int, Facts, tuple[Entries, ...]]]:
    """Yield what is stored of each campaign, with its number."""
    facts, tables = remembered
    ordered = [entries.where(np.argsort(entries.campaigns, kind="stable")) for entries in tables]
    for number, fact in facts.items():
        edges = (np.searchsorted(entries.campaigns, [number, number + 1]) for entries in ordered)
        parts = zip(ordered, edges, strict=True)
        yield number, fact, tuple(entries.where(slice(*edge)) for entries, edge in parts)


def merge(parts: Sequence[Remembered]) -> Remembered:
    """Merge what consecutive cuts stored, the oldest first, with one numbering of campaigns."""
    facts = {number: fact for part in parts for number, fact in part.facts.items()}
    tables = (stacked([part.tables[at] for part in parts]) for at in range(len(TABLES)))
    return Remembered(facts, tuple(_last_of_each(at, table, facts) for at, table in enumerate(tables)))


def renumber(remembered: Remembered, new: Sequence[int]) -> Remembered:
    """Replace the number of each campaign by the one at its index; leave out those whose new one is −1."""
    facts, tables = remembered
    kept = [
        entries._replace(campaigns=renumbered(entries.campaigns, new)).where(_stay(entries.campaigns, new))
        for entries in tables
    ]
    return Remembered({new[number]: fact for number, fact in facts.items() if new[number] >= 0}, tuple(kept))


def numbered_anew(remembered: Remembered) -> tuple[Remembered, list[int]]:
    """Give campaigns numbers from 0 on; return those that they had, too."""
    had = sorted(remembered.facts)
    new = [-1] * (max(had, default=-1) + 1)
    for number, before in enumerate(had):
        new[before] = number
    return renumber(remembered, new), had


def stacked(parts: Sequence[Entries]) -> Entries:
    """Put entries of one table one after the other; at least one part is needed."""
    campaigns, keys, lasts = (np.concatenate([part[at] for part in parts]) for at in range(3))
    own = zip(*(part.own for part in parts), strict=True)
    return Entries(campaigns, keys, lasts, tuple(np.concatenate(columns) for columns in own))


def _last_of_each(at: int, entries: Entries, facts: dict[int, Facts]) -> Entries:
    """Keep of each entry the last, unless it was let go since: floors only rise."""
    floors = np.zeros(max(facts, default=-1) + 1, np.int64)
    for number, fact in facts.items():
        floors[number] = fact.floors[at]
    _, from_end = np.unique(_names(entries)[::-1], return_index=True)
    stays = np.zeros(len(entries.keys), np.bool_)
    stays[len(stays) - 1 - from_end] = True
    return entries.where(stays & (entries.lasts >= floors[entries.campaigns]))


def _names(entries: Entries) -> Hashes:
    """Mix campaign and key: two of these are the same by chance once in 2⁶⁴."""
    return entries.keys ^ (entries.campaigns.astype(np.uint64) * _MIX)


def _stay(campaigns: Ints, new: Sequence[int]) -> Mask:
    stay: Mask = renumbered(campaigns, new) >= 0
    return stay


def columns_of(remembered: Remembered) -> list[Array]:
    """Return everything as plain columns, as they are written; of lists only what is filled."""
    facts, tables = remembered
    columns: list[Array] = _columns_of_facts(facts)
    for entries in tables:
        columns += [entries.campaigns, entries.keys, entries.lasts]
        columns += [
            column if column.ndim == 1 else column[_filled(entries, column)] for column in entries.own
        ]
    return columns


def remembered_of(columns: Sequence[Array]) -> Remembered:
    """Return what was written as these columns."""
    rest = iter(columns)
    facts = _facts_of([next(rest) for _ in _columns_of_facts({})])
    tables = []
    for empty in nothing().tables:
        campaigns, keys, lasts = (next(rest) for _ in range(3))
        entries = Entries(campaigns, keys, lasts, ())
        for column in empty.own:
            entries = entries._replace(own=(*entries.own, _unfilled(entries, column, next(rest))))
        tables.append(entries)
    return Remembered(facts, tuple(tables))


def _filled(entries: Entries, column: Array) -> Mask:
    """Mark the places of a column of lists that are filled: the sizes stand in the first column."""
    filled: Mask = np.arange(column.shape[1]) < entries.own[0][:, None]
    return filled


def _unfilled(entries: Entries, empty: Array, written: Array) -> Array:
    if empty.ndim == 1:
        return written
    column = np.zeros((len(entries.keys), *empty.shape[1:]), empty.dtype)
    column[_filled(entries, column)] = written
    return column


def _columns_of_facts(facts: dict[int, Facts]) -> list[Array]:
    rows = [
        [number, one.latest, one.impressions, one.identified, one.heard, *one.floors]
        for number, one in facts.items()
    ]
    table = np.array(rows, np.int64).reshape(len(rows), 5 + len(TABLES))
    return [*table.T.copy()]


def _facts_of(columns: Sequence[Array]) -> dict[int, Facts]:
    facts = {}
    for number, latest, impressions, identified, heard, *floors in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        facts[number] = Facts(latest, tuple(floors), impressions, identified, heard)
    return facts

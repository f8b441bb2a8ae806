"""How a delta is written: MessagePack, with each column as the bytes of a little-endian array.

A column of whole numbers is written as their differences to the least of them, in as few bytes as these
take. `VERSION` stands first, so that another release knows what it reads.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from models.authenticity.stored import columns_of, nothing, remembered_of
from models.campaigns.campaign import CurrencyRates
from models.core.columns import (
    COLUMNS,
    Acts,
    Ids,
    Increments,
    Sightings,
    Thresholds,
    no_thresholds,
    numbers,
)
from models.core.hashing import KEY_BYTES
from models.core.whole import pack_whole, unpack_whole
from models.scopes import leaf_of
from models.state.closing import Closing
from models.state.compaction import require_windows
from models.state.delta import Delta, Offsets, WindowSpan
from models.state.orders import OrderKey, decode_order, encode_order
from models.state.running_totals import Last
from models.tally import Tally

VERSION = 10
_LENGTHS = {6: 18, 7: 20, 8: 21, 9: 23, 10: 24}
"""How many entries each version that is read has: 6 ends before totals, 7 before thresholds, 8 before what
interactions say, 9 before who was let go."""

_HASHES = "<u8"
_NUMBERS = ("<u1", "<u2", "<u4", "<i8")
_MOST = np.iinfo(np.int64).max


def encode_delta(delta: Delta) -> bytes:
    """Write a delta."""
    return msgspec.msgpack.encode(
        [
            VERSION,
            delta.key,
            _list(delta.start),
            _list(delta.end),
            delta.leaves,
            _pack(delta.firsts),
            COLUMNS,
            [_pack(column) for column in delta.counts],
            [_pack(column) for column in delta.sightings],
            [_pack(column) for column in delta.ids],
            [[key, encode_order(order)] for key, order in delta.orders.items()],
            delta.ledger,
            delta.targets,
            _list(delta.forwarded),
            _closing_data(delta.closing),
            [(leaf, _packed(tally)) for leaf, tally in delta.frozen.items()],
            delta.kept,
            [_pack(column) for column in delta.acts],
            delta.actors,
            [(campaign, *_total_columns(totals)) for campaign, totals in delta.totals.items()],
            [(campaign, _packed(tally)) for campaign, tally in delta.taken.items()],
            [_pack(column) for column in delta.thresholds],
            [_pack(column) for column in columns_of(delta.remembered)],
            delta.judged,
            sorted(delta.let_go),
        ]
    )


def decode_delta(data: bytes) -> Delta:
    """Read a delta.

    Raises:
        ValueError: the bytes are no delta, of a version that this release does not know, or compacted without
            one of this release's windows.

    """
    (
        key, start, end, leaves, firsts, columns, counts, sightings, ids, orders, ledger, targets, forwarded,
        closing, frozen, kept, acts, actors, totals, taken, thresholds, remembered, judged,
        let_go,
    ) = _entries_of(data)  # fmt: skip
    delta = Delta(
        key,
        _offsets(start),
        _offsets(end),
        list(map(leaf_of, leaves)),
        _unpack(firsts),
        _in_our_columns(Increments(*map(_unpack, counts)), columns),
        Sightings(*map(_unpack, sightings)),
        Ids(*map(_unpack, ids)),
        {OrderKey(*key): decode_order(order) for key, order in orders},
        ledger,
        targets,
        _offsets(forwarded),
        _closing(*closing),
        {leaf_of(leaf): _unpacked(tally) for leaf, tally in frozen},
        None if kept is None else tuple(WindowSpan(*span) for span in kept),
        Acts(*map(_unpack, acts)),
        actors,
        {campaign: _totals(*map(_unpack, columns)) for campaign, *columns in totals},
        {campaign: _unpacked(tally) for campaign, tally in taken},
        Thresholds(*map(_unpack, thresholds)) if thresholds else no_thresholds(),
        remembered_of(list(map(_unpack, remembered))) if remembered else nothing(),
        judged,
        frozenset(let_go),
    )
    require_windows(delta)
    return delta


def _entries_of(data: bytes) -> list[Any]:
    """Return the entries of a delta; empty ones for those that its version does not have."""
    try:
        version, *entries = msgspec.msgpack.decode(data)
    except (msgspec.DecodeError, TypeError, ValueError):
        raise ValueError("state cannot be read: it is damaged, or of an older release") from None
    if not isinstance(version, int) or version not in _LENGTHS:
        raise ValueError(f"state is of version {version}, this release reads {VERSION}")
    if len(entries) != _LENGTHS[version]:
        raise ValueError(f"state cannot be read: it is damaged, with {len(entries)} entries")
    if not isinstance(entries[0], bytes) or len(entries[0]) != KEY_BYTES:
        raise ValueError("state cannot be read: it holds no key")
    return [*entries, *([] for _ in range(_LENGTHS[VERSION] - len(entries)))]


def _closing_data(closing: Closing) -> tuple[list[str], dict[str, Any] | None]:
    rates = closing.rates
    return sorted(closing.campaigns), None if rates is None else rates.model_dump()


def _closing(campaigns: list[str], rates: dict[str, Any] | None) -> Closing:
    return Closing(frozenset(campaigns), None if rates is None else CurrencyRates.model_validate(rates))


def _total_columns(totals: Mapping[int, Last]) -> list[tuple[int, str, bytes]]:
    last = totals.values()
    names = np.fromiter(totals, np.uint64, len(totals))
    return [_pack(names), *(_pack(numbers(column)) for column in zip(*last, strict=True))]


def _totals(names: npt.NDArray[Any], *columns: npt.NDArray[Any]) -> dict[int, Last]:
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(names.tolist(), map(Last._make, rows), strict=True))


def _packed(tally: Tally) -> dict[str, int | str]:
    return {name: pack_whole(count) for name, count in tally.items()}


def _unpacked(written: dict[str, int | str]) -> Tally:
    return {name: unpack_whole(count) for name, count in written.items()}


def _list(offsets: Offsets) -> list[tuple[str, int, int]]:
    return [(*source, offset) for source, offset in offsets.items()]


def _offsets(listed: list[tuple[str, int, int]]) -> Offsets:
    return {(topic, number): offset for topic, number, offset in listed}


def _pack(column: npt.NDArray[Any]) -> tuple[int, str, bytes]:
    if column.dtype == np.uint64:
        return 0, _HASHES, column.astype(_HASHES).tobytes()
    least, most = int(column.min(initial=_MOST)), int(column.max(initial=0))
    kind = next(kind for kind in _NUMBERS if most - least <= np.iinfo(kind).max)
    return least, kind, (column - least).astype(kind).tobytes()


def _unpack(packed: tuple[int, str, bytes]) -> npt.NDArray[Any]:
    least, kind, data = packed
    column = np.frombuffer(data, dtype=kind)
    return column if kind == _HASHES else column.astype(np.int64) + least


def _in_our_columns(counts: Increments, names: list[str]) -> Increments:
    """Renumber the columns as in this release: another may know more or fewer."""
    unknown = sorted(set(names) - set(COLUMNS))
    if unknown:
        raise ValueError(f"state counts {', '.join(unknown)}, which this release does not know")
    ours = np.array([COLUMNS.index(name) for name in names], dtype=np.int64)
    return counts._replace(columns=ours[counts.columns])

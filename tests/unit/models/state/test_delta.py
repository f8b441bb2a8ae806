"""Deltas: what was split and merged again, written and read again, is what it was."""

import re
from dataclasses import replace
from functools import reduce
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.hashing import KEY_BYTES
from models.state.compaction import compact
from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from tests.unit.models.building import KEY, NOON
from tests.unit.models.state.deltas import SEEDS, SIZES, content, delta, deltas


@given(SEEDS, SIZES)
def test_what_is_written_is_read_again(seed: int, number: list[int]) -> None:
    for one in deltas(seed, number):
        assert content(decode_delta(encode_delta(one))) == content(one)


@given(SEEDS, SIZES, st.integers(0, 5), st.integers(0, 5))
def test_merging_is_associative(seed: int, number: list[int], first: int, second: int) -> None:
    made = deltas(seed, number)
    left, right = sorted((min(first, len(made)), min(second, len(made))))
    groups = [made[:left], made[left:right], made[right:]]

    at_once = content(merge_deltas(made))

    assert content(merge_deltas([merge_deltas(group) for group in groups if group])) == at_once
    assert content(reduce(lambda one, other: merge_deltas([one, other]), made)) == at_once


def test_what_was_forwarded_last_is_where_merged_deltas_go_on() -> None:
    first, second = deltas(1, [5, 3])

    merged = merge_deltas([first, second])

    assert (first.forwarded, second.forwarded) == ({("impressions", 3): 5}, {("impressions", 3): 8})
    assert merged.forwarded == second.forwarded


@pytest.mark.parametrize("start", [4, 6])
def test_a_delta_that_does_not_begin_where_the_last_ended_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match=rf"begins at \{{\('impressions', 0\): {start}"):
        merge_deltas([delta(1, 0, 5), delta(2, start, 3)])


def test_a_delta_of_another_key_is_refused() -> None:
    first, second = deltas(1, [5, 3])

    with pytest.raises(ValueError, match="hashed under another key"):
        merge_deltas([first, replace(second, key=bytes(KEY_BYTES))])


@pytest.mark.parametrize("key", [b"", bytes(KEY_BYTES - 1), bytes(KEY_BYTES + 1), None, "k" * KEY_BYTES])
def test_a_delta_without_a_key_is_refused(key: Any) -> None:
    with pytest.raises(ValueError, match="it holds no key"):
        decode_delta(encode_delta(replace(delta(1, 0, 5), key=key)))


def test_the_texts_of_stored_leaves_are_there_once() -> None:
    """After a restart each leaf had five texts of its own: 240 bytes more than before it."""
    stored = encode_delta(merge_deltas(deltas(2, [9, 9, 9])))
    texts = [
        text
        for read in (decode_delta(stored), decode_delta(stored))
        for leaf in (*read.leaves, *read.frozen, *(one.sale.leaf for one in read.orders.values() if one.sale))
        for text in leaf
    ]

    assert len({id(text) for text in texts}) == len(set(texts)) > 5


def test_a_key_is_kept_by_writing_merging_and_compacting_and_shown_by_no_message() -> None:
    merged = merge_deltas([decode_delta(encode_delta(one)) for one in deltas(1, [5, 3])])

    assert compact(merged, NOON).key == KEY
    assert KEY in encode_delta(merged)
    assert repr(KEY) not in repr(merged)


@pytest.mark.parametrize("data", [b"", b"\x00", b"[1]", b"\xc1", msgspec.msgpack.encode([])])
def test_damaged_state_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="state cannot be read"):
        decode_delta(data)


@pytest.mark.parametrize(
    ("version", "entries"),
    [(6, -5), (6, -7), (7, -3), (7, -5), (8, -2), (8, -4), (9, 0), (9, -2), (10, -1), (10, 1)],
)
def test_state_with_too_few_or_too_many_entries_is_refused(version: int, entries: int) -> None:
    """A delta that ended before its totals would be read as if there were none."""
    _, *written = msgspec.msgpack.decode(encode_delta(delta(1, 0, 9)))
    number = len(written) + entries
    damaged = msgspec.msgpack.encode([version, *written[:number], *[[]] * max(entries, 0)])

    with pytest.raises(ValueError, match=f"state cannot be read: it is damaged, with {number} entries"):
        decode_delta(damaged)


def test_state_of_before_interactions_were_judged_is_read() -> None:
    one = delta(1, 0, 9)
    _, *written = msgspec.msgpack.decode(encode_delta(one))

    read = decode_delta(msgspec.msgpack.encode([8, *written[:-3]]))

    assert (read.judged, read.remembered.facts, read.let_go) == ([], {}, frozenset())
    since: dict[str, Any] = {"remembered": one.remembered, "judged": one.judged, "let_go": one.let_go}
    assert content(replace(read, **since)) == content(one)


@pytest.mark.parametrize("version", [1, 5, 11, [7], None, "7"])
def test_state_of_another_version_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match=re.escape(f"version {version}, this release reads")):
        decode_delta(msgspec.msgpack.encode([version, {}]))


def test_columns_are_known_by_name_and_an_unknown_one_is_refused() -> None:
    version, key, start, end, leaves, firsts, columns, *rest = msgspec.msgpack.decode(
        encode_delta(delta(1, 0, 9))
    )
    renamed = msgspec.msgpack.encode(
        [version, key, start, end, leaves, firsts, [*columns[:-1], "stars"], *rest]
    )

    with pytest.raises(ValueError, match="counts stars"):
        decode_delta(renamed)

"""A table of keys behaves as a dict does, whatever collides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.tables import EMPTY, HashTable, Keys

U32 = np.dtype(np.uint32)
# All in the last few cells: they collide, and go on at the first cell.
CROWDED = np.uint64(0xFFFF_FF00) + (np.arange(500, dtype=np.uint64) << np.uint64(32))
RANDOM = np.random.default_rng(1).integers(0, 2**64, 30_000, dtype=np.uint64)


def filled(keys: np.ndarray, payload: np.ndarray) -> HashTable:
    table = HashTable(U32)
    table.insert(keys, payload)
    return table


def held(table: HashTable, keys: np.ndarray) -> list[int | None]:
    at = table.find(keys)
    return [int(table.payload[place]) if place >= 0 else None for place in at]


def occupied(table: HashTable) -> Keys:
    """Return the keys of all occupied cells."""
    keys: Keys = table.cells[table.cells != EMPTY]
    return keys


@pytest.mark.parametrize("keys", [CROWDED, RANDOM, np.arange(2_000, dtype=np.uint64)])
def test_what_was_inserted_is_found_with_its_payload(keys: np.ndarray) -> None:
    table = filled(keys, np.arange(len(keys)))

    assert held(table, keys) == list(range(len(keys)))
    assert len(table) == len(keys)


def test_a_key_that_was_never_inserted_is_absent() -> None:
    table = filled(CROWDED[:250], np.arange(250))

    assert (table.find(CROWDED[250:]) < 0).all()
    assert (HashTable(U32).find(RANDOM) < 0).all()


def test_the_key_zero_is_a_key_like_another() -> None:
    zero = np.zeros(1, np.uint64)
    table = HashTable(U32)

    assert table.find(zero)[0] < 0
    table.insert(zero, 7)
    assert held(table, zero) == [7]


def test_no_key_and_an_empty_batch_are_nothing() -> None:
    table = HashTable(U32)

    assert len(table.insert(RANDOM[:0])) == len(table.find(RANDOM[:0])) == len(occupied(table)) == 0


def test_a_table_that_grows_keeps_what_it_holds_at_a_load_that_is_bounded() -> None:
    table = HashTable(U32)
    for start in range(0, len(RANDOM), 700):
        batch = RANDOM[start : start + 700]
        table.insert(batch, np.arange(start, start + len(batch)))
        assert len(table) <= 0.7 * table.size

    assert held(table, RANDOM) == list(range(len(RANDOM)))
    assert table.size <= len(RANDOM) / 0.34


def test_a_table_made_for_as_many_as_come_is_never_built_anew() -> None:
    table = HashTable(U32, expected=len(RANDOM))
    size = table.size
    table.insert(RANDOM)

    assert table.size == size


def test_only_what_is_kept_is_left() -> None:
    table = filled(RANDOM, np.arange(len(RANDOM)))
    kept = np.zeros(table.size, bool)
    kept[table.find(RANDOM[::3])] = True
    table.keep(kept)

    assert held(table, RANDOM[::3]) == list(range(0, len(RANDOM), 3))
    assert set(held(table, RANDOM[1::3])) == {None}
    assert sorted(occupied(table)) == sorted(RANDOM[::3])


def test_an_empty_cell_that_is_kept_is_no_key() -> None:
    table = filled(RANDOM[:10], np.arange(10))
    table.keep(np.ones(table.size, bool))

    assert len(table) == len(occupied(table)) == 10


def test_a_key_that_comes_back_has_no_payload_of_before() -> None:
    table = filled(RANDOM[:10], np.arange(1, 11))
    table.keep(np.zeros(table.size, bool))
    table.insert(RANDOM[:10])

    assert held(table, RANDOM[:10]) == [0] * 10


KEY = st.sampled_from([0, 1, 2, *CROWDED[:40].tolist(), *RANDOM[:20].tolist()])


@given(st.lists(st.tuples(st.sampled_from(["insert", "keep"]), st.sets(KEY)), max_size=12))
def test_any_history_gives_what_a_dict_gives(history: list[tuple[str, set[int]]]) -> None:
    table, known = HashTable(U32), dict[int, int]()
    for number, (action, chosen) in enumerate(history):
        if action == "insert":
            fresh = np.array([key for key in chosen if key not in known], np.uint64)
            table.insert(fresh, number)
            known |= dict.fromkeys(fresh.tolist(), number)
        else:
            kept = np.zeros(table.size, bool)
            at = table.find(np.array(sorted(chosen), np.uint64))
            kept[at[at >= 0]] = True
            table.keep(kept)
            known = {key: payload for key, payload in known.items() if key in chosen}

        everything = [0, 1, 2, *CROWDED[:40].tolist(), *RANDOM[:20].tolist()]
        assert held(table, np.array(everything, np.uint64)) == [known.get(key) for key in everything]
        assert len(table) == len(known)

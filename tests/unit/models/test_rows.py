"""Rows: what is stored can be read back, whatever ids hold."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from models import rows
from models.cells import Cell, CellKey
from models.leaf import Leaf
from models.windows import WINDOW_NAMES
from tests.unit.models.building import LEAF

IDENTIFIERS = st.from_regex(r"[A-Za-z0-9._:-]{1,64}", fullmatch=True)
LEAVES = st.builds(Leaf, IDENTIFIERS, IDENTIFIERS, IDENTIFIERS, IDENTIFIERS)
ORDER_IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=128)
PARTITIONS = st.integers(0, 999)


@given(st.builds(CellKey, PARTITIONS, LEAVES, st.sampled_from(WINDOW_NAMES), st.integers(0, 10**12)))
def test_a_cells_key_survives(key: CellKey) -> None:
    partition, kind, names = rows.split_key(rows.cell_key(key))

    assert kind == "cell"
    assert rows.read_cell_key([str(partition), *names]) == key


@given(PARTITIONS, IDENTIFIERS, ORDER_IDS)
@example(0, "glow", "a|b||")
@example(0, "glow", "|")
@example(0, "glow", "№ 5\n– été\0")
def test_an_orders_key_survives_whatever_its_id_holds(partition: int, campaign: str, order_id: str) -> None:
    assert rows.split_key(rows.order_key(partition, campaign, order_id)) == (
        partition,
        "order",
        [campaign, order_id],
    )


@given(PARTITIONS, LEAVES)
def test_a_persons_key_survives(partition: int, leaf: Leaf) -> None:
    assert rows.split_key(rows.person_key(partition, leaf, "ab12")) == (partition, "person", [*leaf, "ab12"])


def test_ledger_and_checkpoint_keys_survive() -> None:
    assert rows.split_key(rows.ledger_key(3, "clicks")) == (3, "ledger", ["clicks"])
    assert rows.split_key(rows.checkpoint_key(3)) == (3, "checkpoint", [])


def test_no_two_things_share_a_row() -> None:
    keys = [
        rows.cell_key(CellKey(1, LEAF, "5m", 2)),
        rows.cell_key(CellKey(1, LEAF, "1h", 2)),
        rows.cell_key(CellKey(2, LEAF, "5m", 2)),
        rows.person_key(1, LEAF, "p"),
        rows.order_key(1, "glow", "p"),
        rows.order_key(1, "glow", "|p"),
        rows.ledger_key(1, "clicks"),
        rows.checkpoint_key(1),
    ]

    assert len(set(keys)) == len(keys)


@given(st.dictionaries(st.text(max_size=5), st.integers()), st.dictionaries(IDENTIFIERS, st.integers(0)))
def test_a_cell_survives(counts: dict[str, int], applied: dict[str, int]) -> None:
    assert rows.load_cell(rows.dump_cell(Cell(counts, applied))) == Cell(counts, applied)


def test_values_are_compact_json() -> None:
    value = rows.dump_cell(Cell({"clicks": 2}, {"clicks": 7}))

    assert json.loads(value) == [{"clicks": 2}, {"clicks": 7}]
    assert b" " not in value

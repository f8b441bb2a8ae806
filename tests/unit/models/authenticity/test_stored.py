"""What is stored of the judge: merged it is what came later, and written it is the same again."""

from typing import Any

import numpy as np
from hypothesis import example, given

from models.authenticity.judge import Judge
from models.authenticity.stored import Remembered, columns_of, merge, nothing, remembered_of, renumber
from models.authenticity.table import Table
from models.times import DAY, SECOND
from tests.unit.models.authenticity.acts import Act, judge, lines, logs
from tests.unit.models.authenticity.test_judge import FEW, new


def same(one: Remembered, other: Remembered) -> bool:
    columns = zip(columns_of(one), columns_of(other), strict=True)
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in columns)


@given(logs())
def test_what_is_written_is_read(acts: list[Act]) -> None:
    one = new(FEW)
    one.judge(lines(acts))
    cut = one.cut()

    columns = columns_of(cut)

    assert all(column.ndim == 1 and column.dtype in (np.int64, np.uint64) for column in columns)
    assert same(remembered_of(columns), cut)


def test_nothing_is_written_and_read_too() -> None:
    assert same(remembered_of(columns_of(nothing())), nothing())
    assert same(judge().cut(), nothing())


@given(logs(), logs(), logs())
def test_merging_is_associative(first: list[Act], second: list[Act], third: list[Act]) -> None:
    one, cuts = new(FEW), list[Remembered]()
    for acts in (first, second, third):
        one.judge(lines(acts))
        cuts.append(one.cut())
    a, b, c = cuts

    assert same(merge([merge([a, b]), c]), merge([a, merge([b, c])]))
    assert same(merge([a, b, c]), merge([merge([a, b]), c]))
    assert same(merge([nothing(), a]), a)


@given(logs(), logs(), logs())
@example(*([Act(f"p{round}", at=10 * round * DAY)] for round in range(3)))
def test_what_is_merged_is_what_is_remembered(first: list[Act], second: list[Act], third: list[Act]) -> None:
    one, cuts = new(FEW), [nothing()]
    for acts in (first, second, third):
        one.judge(lines(acts))
        cuts.append(one.cut())

    merged = merge(cuts)

    whole = new(FEW)
    whole.restore(merged)
    for number in merged.facts:
        for at, (live, restored) in enumerate(zip(tables(one, number), tables(whole, number), strict=True)):
            own = merged.tables[at].where(merged.tables[at].campaigns == number)
            assert held(live) == held(restored)
            assert {*live.index.keys[: len(live)].tolist()} == {*own.keys.tolist()}


def tables(judged: Judge, number: int) -> tuple[Table[Any], ...]:
    assert judged.holds(number)
    return judged._memories[number].tables


def held(table: Table[Any]) -> dict[int, list[Any]]:
    """Return all that a table holds, by key, and its floor."""
    rows = range(len(table))
    keys, columns = table.index.keys.tolist(), [table.index.lasts, *table.columns]
    return {0: [table.floor]} | {keys[row]: [column[row].tolist() for column in columns] for row in rows}


def test_what_is_full_takes_little_room_once_it_is_merged() -> None:
    one, cuts = judge(), list[Remembered]()
    for day in range(5):
        for minute in range(20):
            one.judge(lines([Act(at=day * DAY + minute * SECOND)]))
            cuts.append(one.cut())

    merged = merge(cuts)

    assert [len(entries.keys) for entries in merged.tables] == [1, 0, 1, 1, 1, 1, 0]
    assert len(columns_of(merged)) == len(columns_of(nothing()))


def test_campaigns_are_numbered_anew_and_those_that_are_over_are_left_out() -> None:
    one = judge()
    one.judge(lines([Act(campaign=0), Act("ben", campaign=1), Act("cleo", campaign=2)]))
    cut = one.cut()

    found = renumber(cut, [5, -1, 0])

    assert set(found.facts) == {0, 5}
    assert {*found.tables[0].campaigns.tolist()} == {0, 5}
    assert found.facts[5] == cut.facts[0]

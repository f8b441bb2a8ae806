"""Cells hold counts by leaf and bucket; a window's total is the sum of what is alive in it."""

from hypothesis import given
from hypothesis import strategies as st

from models.cells import Cell, CellKey, Cells
from models.times import HOUR, MINUTE, SECOND
from models.windows import FLIGHT, ROLLING
from tests.unit.models.building import LEAF, NOON


def count(cells: Cells, time: int, number: int = 1) -> None:
    for key in cells.keys_at(0, LEAF, time):
        cells.add(key, {"clicks": number})


def totals(cells: Cells) -> dict[str, int]:
    return {window: tally.get("clicks", 0) for window, tally in cells.totals[LEAF].items()}


def test_an_event_is_in_each_window_that_holds_it() -> None:
    cells = Cells()
    cells.expire(NOON)

    count(cells, NOON - MINUTE)
    count(cells, NOON - 30 * MINUTE)
    count(cells, NOON - 5 * HOUR)
    count(cells, NOON - 100 * HOUR)

    assert totals(cells) == {"flight": 4, "5m": 1, "1h": 2, "24h": 3}


def test_an_event_leaves_one_window_after_the_other() -> None:
    cells = Cells()
    count(cells, NOON)

    seen = []
    for later in (0, 5 * MINUTE + 10 * SECOND, HOUR + MINUTE, 25 * HOUR):
        cells.expire(NOON + later)
        seen.append({window for window, number in totals(cells).items() if number})

    assert seen == [{"flight", "5m", "1h", "24h"}, {"flight", "1h", "24h"}, {"flight", "24h"}, {"flight"}]


def test_the_oldest_bucket_of_a_window_is_open_still() -> None:
    cells = Cells()
    cells.expire(NOON)

    for window in ROLLING:
        edge = window.first_bucket(NOON) * window.bucket
        assert window.name in [key.window for key in cells.keys_at(0, LEAF, edge)]
        assert window.name not in [key.window for key in cells.keys_at(0, LEAF, edge - 1)]


def test_after_a_window_has_moved_on_a_late_event_is_in_the_others_alone() -> None:
    cells = Cells()
    cells.expire(NOON)

    windows = [key.window for key in cells.keys_at(0, LEAF, NOON - 10 * MINUTE)]

    assert windows == [FLIGHT, "1h", "24h"]


def test_a_clock_that_goes_back_lets_nothing_in_again() -> None:
    cells = Cells()
    cells.expire(NOON + HOUR)
    cells.expire(NOON)

    assert "5m" not in [key.window for key in cells.keys_at(0, LEAF, NOON)]


def test_expired_cells_are_named_once_and_forgotten() -> None:
    cells = Cells()
    count(cells, NOON)

    dropped = cells.expire(NOON + 6 * MINUTE)

    assert [key.window for key in dropped] == ["5m"]
    assert cells.expire(NOON + 6 * MINUTE) == []
    assert dropped[0] not in cells.alive


def test_a_restored_cell_that_is_past_its_window_goes_with_the_next_expiry() -> None:
    cells = Cells()
    cells.expire(NOON)
    old = CellKey(0, LEAF, "5m", ROLLING[0].bucket_of(NOON - HOUR))

    cells.restore(old, Cell({"clicks": 9}, {"clicks": 3}))

    assert cells.expire(NOON) == [old]
    assert totals(cells)["5m"] == 0


@given(st.lists(st.tuples(st.integers(0, 26 * 60), st.integers(0, 30))))
def test_totals_are_what_a_recount_gives(history: list[tuple[int, int]]) -> None:
    cells, now, times = Cells(), NOON, []
    for age, wait in history:
        now += wait * MINUTE
        cells.expire(now)
        times.append(now - age * MINUTE)
        count(cells, times[-1])
    cells.expire(now)

    expected = {
        window.name: sum(window.bucket_of(time) >= window.first_bucket(now) for time in times)
        for window in ROLLING
    }
    assert {name: totals(cells).get(name, 0) for name in expected} == expected
    assert totals(cells).get(FLIGHT, 0) == len(times)

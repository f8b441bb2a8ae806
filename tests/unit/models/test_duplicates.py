"""The memory of event ids: two generations, by time and by number."""

from hypothesis import given
from hypothesis import strategies as st

from models.duplicates import HORIZON, DuplicateMemory
from models.times import MINUTE, SECOND
from tests.unit.models.building import NOON


def test_the_same_id_from_another_place_is_a_duplicate() -> None:
    memory = DuplicateMemory(100)

    assert not memory.seen("e", "here", NOON)
    assert memory.seen("e", "there", NOON + 1)
    assert not memory.seen("f", "there", NOON + 1)


def test_the_record_that_was_remembered_is_no_duplicate_of_itself() -> None:
    memory = DuplicateMemory(100)
    memory.seen("e", "here", NOON)

    assert not memory.seen("e", "here", NOON)
    assert memory.seen("e", "there", NOON)


def test_the_horizon_is_an_hour_from_arrival_to_arrival() -> None:
    for gap, duplicate in ((HORIZON, True), (HORIZON + 1, False)):
        memory = DuplicateMemory(100)
        memory.seen("e", 1, NOON)
        assert memory.seen("e", 2, NOON + gap) is duplicate


def test_an_id_is_held_a_whole_hour_wherever_its_generation_was_closed() -> None:
    """generations:  ├── opened 12:00 ───────── e at 12:59 ┤├── opened 13:01 ──── e again 13:58 ──."""
    memory = DuplicateMemory(100)
    memory.seen("first", 1, NOON)
    memory.seen("e", 1, NOON + 59 * MINUTE)
    memory.seen("other", 1, NOON + 61 * MINUTE)

    assert memory.seen("e", 2, NOON + 118 * MINUTE)


def test_a_generation_is_not_closed_before_its_hour() -> None:
    memory = DuplicateMemory(100)
    for name, minute in (("first", 0), ("e", 20), ("second", 31), ("third", 62)):
        memory.seen(name, 1, NOON + minute * MINUTE)

    assert memory.seen("e", 2, NOON + 70 * MINUTE)


def test_after_its_hour_an_id_is_new_and_is_remembered_anew() -> None:
    memory = DuplicateMemory(100)
    memory.seen("e", 1, NOON)

    assert not memory.seen("e", 2, NOON + 2 * HORIZON)
    assert memory.seen("e", 3, NOON + 2 * HORIZON + SECOND)


def test_the_last_half_of_the_capacity_is_always_held() -> None:
    memory = DuplicateMemory(10)
    for number in range(23):
        memory.seen(number, 1, NOON)

    assert all(memory.seen(number, 2, NOON) for number in range(18, 23))
    assert not memory.seen(0, 2, NOON)


@given(st.integers(1, 20), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20 * MINUTE))))
def test_memory_never_exceeds_its_capacity(capacity: int, history: list[tuple[int, int]]) -> None:
    memory, now = DuplicateMemory(capacity), NOON
    for number, wait in history:
        now += wait
        memory.seen(number, now, now)

    assert len(memory._current) + len(memory._previous) <= max(2, capacity)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30 * MINUTE))))
def test_with_room_enough_it_is_exact(history: list[tuple[int, int]]) -> None:
    memory, now = DuplicateMemory(10_000), NOON
    first: dict[int, int] = {}
    for place, (number, wait) in enumerate(history):
        now += wait
        known = number in first and now - first[number] <= HORIZON
        assert memory.seen(number, place, now) is known
        if not known:
            first[number] = now


def test_the_horizon_shrinks_when_ids_come_faster_than_memory_holds() -> None:
    memory = DuplicateMemory(4)
    assert memory.horizon(NOON) == 0

    for number in range(9):
        memory.seen(number, 1, NOON + number * MINUTE)

    assert memory.horizon(NOON + 8 * MINUTE) < 8 * MINUTE

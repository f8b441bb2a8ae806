"""The memory of event ids: two generations, by time and by number."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.columns import Ids
from models.state.duplicates import HORIZON, DuplicateMemory
from models.times import HOUR, MINUTE, SECOND
from tests.unit.models.building import NOON

NOW = NOON // SECOND
A_MINUTE = MINUTE // SECOND


def ids(*pairs: tuple[int, int]) -> Ids:
    """Make a batch of (id, arrival in seconds); ids become hashes that are well apart."""
    keys = [(number + 1) * 0x9E3779B97F4A7C15 % 2**64 for number, _ in pairs]
    return Ids(np.array(keys, dtype=np.uint64), np.array([arrival for _, arrival in pairs], dtype=np.int64))


def take(memory: DuplicateMemory, *pairs: tuple[int, int]) -> list[bool]:
    """Judge a batch; tell of each id whether it counts."""
    return list(memory.take(ids(*pairs)).tolist())


def test_the_same_id_again_is_a_duplicate() -> None:
    memory = DuplicateMemory(100)

    assert take(memory, (1, NOW)) == [True]
    assert take(memory, (1, NOW + 1), (2, NOW + 1)) == [False, True]


def test_of_copies_in_one_batch_the_first_counts() -> None:
    assert take(DuplicateMemory(100), (1, NOW), (2, NOW), (1, NOW), (1, NOW)) == [True, True, False, False]


def test_the_horizon_is_an_hour_from_arrival_to_arrival_whether_or_not_in_one_batch() -> None:
    for gap, counts in ((HORIZON, False), (HORIZON + 1, True)):
        memory = DuplicateMemory(100)
        take(memory, (1, NOW))
        assert take(memory, (1, NOW + gap)) == [counts]
        assert take(DuplicateMemory(100), (1, NOW), (1, NOW + gap)) == [True, counts]


def test_an_id_is_held_a_whole_hour_wherever_its_generation_was_closed() -> None:
    """generations:  ├── opened 12:00 ───────── id at 12:59 ┤├── opened 13:01 ──── id again 13:58 ──."""
    memory = DuplicateMemory(100)
    for number, minute in ((1, 0), (2, 59), (3, 61)):
        take(memory, (number, NOW + minute * A_MINUTE))

    assert take(memory, (2, NOW + 118 * A_MINUTE)) == [False]


def test_after_its_hour_an_id_is_new_and_is_remembered_anew() -> None:
    memory = DuplicateMemory(100)
    take(memory, (1, NOW))

    assert take(memory, (1, NOW + 2 * HORIZON)) == [True]
    assert take(memory, (1, NOW + 2 * HORIZON + 1)) == [False]


def test_the_last_half_of_the_capacity_is_always_held() -> None:
    memory = DuplicateMemory(10)
    for number in range(23):
        take(memory, (number, NOW))

    assert take(memory, *((number, NOW) for number in range(18, 23))) == [False] * 5
    assert take(memory, (0, NOW)) == [True]


def test_a_batch_larger_than_the_memory_is_remembered_as_far_as_it_holds() -> None:
    memory = DuplicateMemory(10)
    assert all(take(memory, *((number, NOW) for number in range(40))))

    held = take(memory, *((number, NOW) for number in range(30, 40)))
    assert 5 <= held.count(False) <= 10


@given(st.integers(1, 20), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20 * A_MINUTE))))
def test_memory_never_exceeds_its_capacity(capacity: int, history: list[tuple[int, int]]) -> None:
    memory, now = DuplicateMemory(capacity), NOW
    for number, wait in history:
        now += wait
        take(memory, (number, now))

        assert len(memory._current) + len(memory._previous) <= max(2, capacity)


class Model:
    """The memory as two dicts, an id at a time."""

    def __init__(self, capacity: int) -> None:
        self._half = max(1, capacity // 2)
        self._current: dict[int, int] = {}
        self._previous: dict[int, int] = {}

    def takes(self, number: int, arrival: int) -> bool:
        """Tell whether an id counts, and remember it if so."""
        known = [held[number] for held in (self._current, self._previous) if number in held]
        if known and abs(arrival - max(known)) <= HORIZON:
            return False
        if number not in self._current and len(self._current) == self._half:
            self._previous, self._current = self._current, {}
        self._current[number] = max(arrival, self._current.get(number, arrival))
        return True


ARRIVALS = st.one_of(st.integers(0, 30 * A_MINUTE), st.sampled_from([-HORIZON, HORIZON, HORIZON + 1]))


@given(
    st.integers(1, 24) | st.just(10_000),
    st.lists(st.lists(st.tuples(st.integers(0, 20), ARRIVALS), max_size=40)),
)
@example(4, [[(number, 0) for number in (1, 2, 3, 1, 4, 5, 6, 1, 1, 5, 7)]])
@example(10_000, [[(1, 0), (1, -2 * HORIZON), (1, 2 * HORIZON)]])
def test_however_ids_are_batched_it_decides_as_if_they_came_one_by_one(
    capacity: int, batches: list[list[tuple[int, int]]]
) -> None:
    memory, model, now = DuplicateMemory(capacity), Model(capacity), NOW
    for batch in batches:
        pairs = []
        for number, wait in batch:
            now += wait
            pairs.append((number, now))
        assert take(memory, *pairs) == [model.takes(number, arrival) for number, arrival in pairs]
        assert len(memory._current) + len(memory._previous) <= max(2, capacity)


def test_the_horizon_shrinks_when_ids_come_faster_than_memory_holds() -> None:
    memory = DuplicateMemory(4)
    for number in range(4):
        take(memory, (number, NOW + number * A_MINUTE))
    assert memory.horizon(NOON + 3 * MINUTE) == HOUR, "nothing that counted is forgotten yet"

    for number in range(4, 9):
        take(memory, (number, NOW + number * A_MINUTE))
    held = memory.horizon(NOON + 8 * MINUTE)
    assert 0 < held < 8 * MINUTE
    within = [number for number in range(9) if (8 - number) * MINUTE <= held]
    assert take(memory, *((number, NOW + 8 * A_MINUTE) for number in within)) == [False] * len(within)


def test_the_horizon_is_an_hour_at_most() -> None:
    memory = DuplicateMemory(1000)
    for minute in range(0, 300, 10):
        take(memory, (minute, NOW + minute * A_MINUTE))

    assert memory.horizon(NOON + 300 * MINUTE) == HOUR


def test_a_partition_that_is_ahead_makes_no_ids_of_another_forgotten() -> None:
    memory = DuplicateMemory(1000)
    take(memory, (1, NOW))
    for minute in range(0, 300, 5):
        take(memory, (1000 + minute, NOW + minute * A_MINUTE))

    assert take(memory, (1, NOW + 20 * A_MINUTE)) == [False]


def test_an_older_arrival_leaves_the_later_one_remembered() -> None:
    memory = DuplicateMemory(100)

    assert take(memory, (1, NOW)) == [True]
    assert take(memory, (1, NOW - 2 * HORIZON)) == [True], "from a partition that lags"
    assert take(memory, (1, NOW + 30 * A_MINUTE)) == [False]


def test_ids_that_are_over_are_forgotten_in_time() -> None:
    memory = DuplicateMemory(100)
    memory.expire(NOON)
    take(memory, (1, NOW))
    for hour in range(1, 4):
        memory.expire(NOON + hour * HOUR + hour * SECOND)

    assert len(memory._current) + len(memory._previous) == 0


def test_of_stored_ids_those_that_arrived_last_are_held_whatever_their_order() -> None:
    memory = DuplicateMemory(10)
    memory.expire(NOON)
    memory.restore(ids(*((number, NOW - number) for number in range(5))))
    memory.restore(ids(*((number, NOW - 10_000 - number) for number in range(10, 40))))

    assert memory.horizon(NOON) > 0
    assert take(memory, *((number, NOW + 1) for number in range(5))) == [False] * 5

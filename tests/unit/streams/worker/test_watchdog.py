"""A worker that stands still is noticed; one that waits, moves or has nothing to do is left alone."""

import pytest

from streams.worker.watchdog import STALLED_AFTER_SECONDS, Stalled, Watchdog

CLICKS = ("clicks", 0)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watchdog(clock: Clock) -> Watchdog:
    return Watchdog(clock)


def test_records_that_wait_for_minutes_while_nothing_moves_are_a_stall(
    clock: Clock, watchdog: Watchdog
) -> None:
    watchdog.look({CLICKS: 5}, {CLICKS: 3})
    clock.now += STALLED_AFTER_SECONDS
    watchdog.look({CLICKS: 5}, {CLICKS: 3})
    clock.now += 1

    with pytest.raises(Stalled, match="3 records wait"):
        watchdog.look({CLICKS: 5}, {CLICKS: 3})


def test_one_that_moves_however_slowly_is_no_stall(clock: Clock, watchdog: Watchdog) -> None:
    for position in range(10):
        watchdog.look({CLICKS: position}, {CLICKS: 100})
        clock.now += STALLED_AFTER_SECONDS


def test_one_with_nothing_to_do_is_no_stall(clock: Clock, watchdog: Watchdog) -> None:
    for _ in range(10):
        watchdog.look({CLICKS: 5}, {CLICKS: 0})
        clock.now += STALLED_AFTER_SECONDS
    watchdog.look({CLICKS: 5}, {CLICKS: 1})


def test_other_partitions_begin_anew(clock: Clock, watchdog: Watchdog) -> None:
    watchdog.look({CLICKS: 5}, {CLICKS: 3})
    clock.now += STALLED_AFTER_SECONDS + 1

    watchdog.look({("clicks", 1): 5}, {("clicks", 1): 3})

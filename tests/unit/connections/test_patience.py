"""When a connection is overdue, and which gives way."""

import pytest

from connections.patience import READING, Limits, Progress

LIMITS = Limits(request=10, idle=90, stalled=30, rate=1000)


@pytest.mark.parametrize(("at", "overdue"), [(110.0, False), (110.1, True)])
def test_a_request_is_waited_for_since_the_connection_or_its_first_byte(at: float, overdue: bool) -> None:
    fresh, again = Progress(100.0), Progress(0.0)
    again.began(5)
    again.ended(50)
    again.received(100, 1)
    again.received(109, 1)

    assert fresh.is_overdue(LIMITS, at) is overdue
    assert again.is_overdue(LIMITS, at) is overdue


@pytest.mark.parametrize(("at", "overdue"), [(140.0, False), (140.1, True)])
def test_between_requests_a_connection_is_kept_longer(at: float, overdue: bool) -> None:
    progress = Progress(0.0)
    progress.began(1)
    progress.ended(50)

    assert progress.is_overdue(LIMITS, at) is overdue


def test_an_answer_may_take_as_long_as_it_takes_to_make() -> None:
    progress = Progress(0.0)
    progress.began(1)
    progress.received(2, 1)

    assert not progress.is_overdue(LIMITS, 10_000)
    assert progress.worth(10_000) is None


@pytest.mark.parametrize(("taken", "overdue"), [(0, True), (899, True), (901, False)])
def test_who_reads_an_answer_reads_something_and_enough(taken: int, overdue: bool) -> None:
    """31 s for 900 and some bytes a second; nothing at all is too little, however much came before."""
    progress = Progress(0.0)
    progress.began(0)
    unread = 1_000_000
    progress.look(unread, 0)
    for second in range(1, 32):
        progress.look(unread - second * taken, second)

    limits = Limits(stalled=30, rate=900)
    assert progress.is_overdue(limits, 31) is overdue
    assert not progress.is_overdue(limits, 30)


def test_who_read_enough_and_then_no_more_is_overdue() -> None:
    progress = Progress(0.0)
    progress.look(10_000_000, 0)
    progress.look(1_000_000, 5)

    assert not progress.is_overdue(LIMITS, 35)
    assert progress.is_overdue(LIMITS, 35.1)


def test_once_all_is_read_the_time_between_requests_begins() -> None:
    progress = Progress(0.0)
    progress.began(0)
    progress.look(1_000_000, 1)
    progress.ended(2)
    progress.look(500_000, 20)
    progress.look(0, 25)

    assert not progress.is_overdue(LIMITS, 25 + 90)
    assert progress.is_overdue(LIMITS, 25 + 91)


def test_first_give_way_who_asked_nothing_then_idle_ones_then_slow_readers_then_newcomers() -> None:
    silent, longer, idle, slow, fast, new, busy = (Progress(since) for since in (50, 40, 0, 0, 0, 99.5, 0))
    idle.began(1)
    idle.ended(60)
    for reader, taken in ((slow, 10), (fast, 1000)):
        reader.began(1)
        reader.look(5000, 80)
        reader.look(5000 - taken, 90)
    busy.began(1)

    everybody = {"silent": silent, "longer": longer, "idle": idle, "slow": slow, "fast": fast, "new": new}
    worth = {name: one.worth(100) for name, one in everybody.items()}
    ranked = sorted(worth, key=lambda name: worth[name] or (9, 0))
    assert ranked == ["longer", "silent", "idle", "slow", "fast", "new"]
    assert busy.worth(100) is None
    assert [name for name, rank in worth.items() if rank and rank[0] == READING] == ["slow", "fast"]


def test_what_comes_before_a_request_is_there_is_summed_anew_for_each() -> None:
    progress = Progress(0.0)
    progress.received(1, 40)
    progress.received(2, 2)
    first = progress.asked
    progress.began(3)
    progress.ended(4)
    progress.received(5, 7)

    assert (first, progress.asked) == (42, 7)

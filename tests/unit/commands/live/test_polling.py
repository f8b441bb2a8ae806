"""What is asked of a worker, and when again."""

from threading import Event

from commands.live.memory import Answer
from commands.live.polling import Polling, ask, waits
from commands.worker_http import NoWorker
from commands.worker_views import NotShown, Query, View
from tests.unit.commands.live.building import HERE, THERE, answer, campaign

ALL, ONE = Query(), Query(campaign="glow")


def test_what_was_never_asked_comes_first_and_the_rest_when_its_time_has_come() -> None:
    wishes = {ALL: 2.0, ONE: 10.0}
    assert [query for _, query in waits(wishes, {ALL: (100, 0.1)}, 101)] == [ONE, ALL]
    asked = {ALL: (100.0, 0.1), ONE: (95.0, 0.1)}
    assert waits(wishes, asked, 101) == [(1, ALL), (4, ONE)]


def test_a_slow_worker_is_left_time_to_work() -> None:
    assert waits({ALL: 2.0}, {ALL: (100, 1.5)}, 102) == [(4, ALL)]


def test_a_worker_that_does_not_answer_is_a_problem_and_one_without_the_campaign_is_none() -> None:
    def away(address: str, query: Query, seconds: float) -> View:
        raise NoWorker(f"No worker answers at {address} (\x1b)")

    def elsewhere(address: str, query: Query, seconds: float) -> View:
        raise NotShown("not counted by this worker")

    assert ask(HERE, ALL, away).problem == rf"No worker answers at {HERE} (\x1b)"
    assert (ask(HERE, ONE, elsewhere).problem, ask(HERE, ONE, elsewhere).view) == (None, None)


def test_a_worker_that_hangs_holds_up_no_other_and_a_new_wish_is_asked_at_once() -> None:
    hang, told = Event(), Event()
    answers: list[Answer] = []

    def read(address: str, query: Query, seconds: float) -> View:
        if address == THERE:
            hang.wait(10)
        view = answer(campaign(), query=query).view
        assert view is not None
        return view

    def deliver(one: Answer) -> None:
        answers.append(one)
        if one.query == ONE:
            told.set()

    polling = Polling([HERE, THERE], deliver, read)
    polling.start()
    polling.wish({ALL: 60.0})
    polling.wish({ALL: 60.0, ONE: 60.0})
    assert told.wait(5)
    hang.set()
    assert answers[0].address == HERE

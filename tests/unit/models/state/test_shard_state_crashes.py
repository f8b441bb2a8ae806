"""A crash at any moment loses nothing and doubles nothing."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.strategies import logs
from tests.unit.models.building import NOON, registry
from tests.unit.models.state.crashing import ROUNDS, Log, Rounds, Worker, follow, picture

PARTITIONS = 2
KNOWN = registry()
thorough = settings(max_examples=max(30, settings().max_examples))


def undisturbed(log: Log, now: int) -> dict[str, object]:
    worker = Worker(log, NOON)
    worker.read_all()
    return picture(worker.state, now)


def scattered() -> SearchStrategy[Log]:
    return st.builds(
        lambda sent, seed: Log(
            sent, [Random(seed + n).randrange(PARTITIONS) for n in range(len(sent))], KNOWN
        ),
        logs(),
        st.integers(0, 2**16),
    )


@thorough
@given(scattered(), ROUNDS)
def test_crashes_at_any_moment_change_nothing(log: Log, rounds: Rounds) -> None:
    worker = Worker(log, NOON)

    follow(worker, rounds)
    worker.read_all()

    assert picture(worker.state, worker.now) == undisturbed(log, worker.now)


@thorough
@given(scattered(), ROUNDS, st.booleans())
def test_what_was_cut_and_replayed_shows_the_same(log: Log, rounds: Rounds, merged: bool) -> None:
    worker = Worker(log, NOON)
    follow(worker, rounds)
    worker.read_all()
    before = picture(worker.state, worker.now)

    worker.flush()
    if merged:
        worker.merge()
    worker.start()

    assert picture(worker.state, worker.now) == before


@thorough
@given(scattered(), ROUNDS, st.integers(1, 4))
def test_redelivered_records_change_nothing(log: Log, rounds: Rounds, again: int) -> None:
    worker = Worker(log, NOON)

    follow(worker, rounds, again)
    worker.read_all()

    assert picture(worker.state, worker.now) == undisturbed(log, worker.now)

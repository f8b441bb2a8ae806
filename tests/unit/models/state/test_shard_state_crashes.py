"""A crash at any moment loses nothing and doubles nothing."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.times import HOUR, MINUTE
from tests.strategies import logs
from tests.unit.models.building import NOON, registry
from tests.unit.models.state.crashing import Log, Queue, Worker, picture

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


ENDS = st.sampled_from(["flush", "crash", "crash", "wait", "merge"])
ROUNDS = st.lists(st.tuples(st.integers(0, 2**16), ENDS), min_size=1, max_size=8)
Rounds = list[tuple[int, str]]


def follow(worker: Worker, rounds: Rounds, again: int = 0) -> None:
    """Read a little of every queue in each round, and end it in one of four ways."""
    for seed, end in rounds:
        random = Random(seed)
        queues: list[Queue] = sorted(worker.log.queues)
        for queue in random.sample(queues, len(queues)):
            worker.read(queue, random.randrange(5), again)
        if end == "crash":
            worker.crash(stored=random.random() < 0.5)
        else:
            worker.flush()
        if end == "merge":
            worker.merge()
        worker.now += random.choice([MINUTE, HOUR, 13 * HOUR]) if end == "wait" else 0


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

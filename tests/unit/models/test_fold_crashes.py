"""A crash between any two stored rows loses nothing and doubles nothing."""

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.times import HOUR, MINUTE
from tests.strategies import Sent, logs
from tests.unit.models.building import NOON, raw, registry
from tests.unit.models.crashing import Log, Queue, Worker, picture

PARTITIONS = 2
KNOWN = registry()
thorough = settings(max_examples=max(100, settings().max_examples))


def chance(random: Random) -> Callable[[bytes], bool]:
    """Choose which rows survive: none, half, nearly all."""
    share = random.choice([0.0, 0.5, 0.9])
    return lambda _: random.random() < share


def undisturbed(log: Log, now: int) -> dict[str, object]:
    worker = Worker(log, NOON)
    worker.read_all()
    return picture(worker.fold, now)


def scattered() -> SearchStrategy[Log]:
    return st.builds(
        lambda sent, seed: Log(
            sent, [Random(seed + n).randrange(PARTITIONS) for n in range(len(sent))], KNOWN
        ),
        logs(),
        st.integers(0, 2**16),
    )


ENDS = st.sampled_from(["flush", "crash", "crash", "wait"])
ROUNDS = st.lists(st.tuples(st.integers(0, 2**16), ENDS), min_size=1, max_size=8)
Rounds = list[tuple[int, str]]


def follow(worker: Worker, rounds: Rounds) -> None:
    """Read a little of every queue in each round, and end it in one of three ways."""
    for seed, end in rounds:
        random = Random(seed)
        queues: list[Queue] = sorted(worker.log.queues)
        for queue in random.sample(queues, len(queues)):
            worker.read(queue, random.randrange(5))
        if end == "crash":
            worker.crash(chance(random))
        else:
            worker.flush()
        worker.now += random.choice([MINUTE, HOUR, 13 * HOUR]) if end == "wait" else 0


@thorough
@given(scattered(), ROUNDS)
def test_crashes_at_any_moment_change_nothing(log: Log, rounds: Rounds) -> None:
    worker = Worker(log, NOON)

    follow(worker, rounds)
    worker.read_all()

    assert picture(worker.fold, worker.now) == undisturbed(log, worker.now)


@thorough
@given(scattered(), ROUNDS)
def test_what_was_cut_and_restored_shows_the_same(log: Log, rounds: Rounds) -> None:
    worker = Worker(log, NOON)
    follow(worker, rounds)
    worker.read_all()
    before = picture(worker.fold, worker.now)

    worker.flush()
    worker.start()

    assert picture(worker.fold, worker.now) == before


@thorough
@given(scattered(), ROUNDS, st.integers(1, 4))
def test_a_redelivered_record_changes_nothing(log: Log, rounds: Rounds, number: int) -> None:
    worker = Worker(log, NOON)
    follow(worker, rounds)
    before = picture(worker.fold, worker.now)

    outcomes = [outcome for queue in log.queues for outcome in worker.read_again(queue, number)]

    assert set(outcomes) <= {None}
    assert picture(worker.fold, worker.now) == before


def test_a_second_flush_during_the_replay_keeps_what_a_row_already_held() -> None:
    """A row may hold records beyond the checkpoint; a flush halfway through their replay must not forget it.

    impressions  0 1 | 2 3     stored with a cell's row: 0–3; by the checkpoint: 0–1
                      ▲ replay, flush after 2: the row still holds 3
    """
    sent = [Sent("impression", NOON, raw("impression", event_id=f"i{number}")) for number in range(4)]
    sent += [Sent("click", NOON, raw("click", event_id="c"))]
    log = Log(sent, [0] * len(sent), registry())
    worker = Worker(log, NOON)
    worker.read(("impressions", 0), 2)
    worker.flush()
    worker.read(("impressions", 0), 2)
    worker.crash(lambda key: b"checkpoint" not in key)

    worker.read(("impressions", 0), 1)
    worker.read(("clicks", 0), 1)
    worker.crash(lambda _: True)
    worker.read_all()

    assert picture(worker.fold, NOON) == undisturbed(log, NOON)

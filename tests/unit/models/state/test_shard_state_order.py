"""However records are laid out, in which order, partitions and batches: the state shows the same."""

from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.tally import Tally, merge
from models.times import DAY, MINUTE
from tests.strategies import ADDITIVE, Sent, logs
from tests.unit.models.building import (
    NOON,
    registry,
    tally,
)
from tests.unit.models.state.crashing import Log, Worker, picture

KNOWN = registry()


def spread(seed: int) -> Callable[[list[Sent]], Log]:
    """Lay records out anew: in another order, over other partitions."""
    random = Random(seed)

    def lay(sent: list[Sent]) -> Log:
        shuffled = random.sample(sent, len(sent))
        return Log(shuffled, [random.randrange(3) for _ in sent], KNOWN)

    return lay


LAYOUTS: SearchStrategy[Callable[[list[Sent]], Log]] = st.integers(0, 2**16).map(spread)


def shown(log: Log, every: int) -> dict[str, object]:
    """Read a log in batches, with a flush after each; give what it shows, the ledger by topic."""
    worker = Worker(log, NOON)
    for start in range(0, 40, every):
        for queue in log.queues:
            worker.read(queue, every)
        worker.now += start * MINUTE
        worker.flush()
    return picture(worker.state, NOON + DAY)


@given(logs(), LAYOUTS, LAYOUTS, st.integers(1, 9), st.integers(1, 40))
def test_order_partitions_and_batches_do_not_matter(
    sent: list[Sent],
    one: Callable[[list[Sent]], Log],
    other: Callable[[list[Sent]], Log],
    few: int,
    many: int,
) -> None:
    assert shown(one(sent), few) == shown(other(sent), many)


@given(logs(types=ADDITIVE), st.integers(0, 2**16))
def test_counts_of_two_workers_add_up_to_those_of_one(sent: list[Sent], seed: int) -> None:
    random = Random(seed)
    partitions = [random.randrange(2) for _ in sent]

    def totals(*held: int) -> Tally:
        chosen = [number for number, partition in enumerate(partitions) if partition in held]
        worker = Worker(Log([sent[n] for n in chosen], [partitions[n] for n in chosen], KNOWN), NOON)
        worker.read_all()
        return tally(worker.state)

    assert merge([totals(0), totals(1)]) == totals(0, 1)

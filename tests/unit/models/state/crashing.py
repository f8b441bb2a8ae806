"""A worker in small: it reads a log, flushes, and may crash before or after a flush is stored.

It does what streams/shard/manager.py does, in the same order, without Kafka: replay what is stored, read
on from where it ends, cut and store.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st

from models.campaigns.registry import Registry
from models.core.records import records_of
from models.events.batch import Batch
from models.readings.reading import read_campaign
from models.state.compaction import compact
from models.state.delta import merge_deltas
from models.state.delta_format import decode_delta, encode_delta
from models.state.ratings import Unrated
from models.state.repeats import ACTS
from models.state.shard_state import ShardState
from models.times import HOUR, MINUTE
from models.topics import INPUT_TOPICS
from tests.strategies import Sent
from tests.unit.models.building import MODEL, new_state, verdicts

Queue = tuple[str, int]


class Log:
    """Records by topic and partition; a record's offset is its place in the list."""

    def __init__(self, sent: Sequence[Sent], partitions: Sequence[int], registry: Registry) -> None:
        self.registry = registry
        self.queues: dict[Queue, list[Sent]] = {}
        for record, partition in zip(sent, partitions, strict=True):
            self.queues.setdefault((record.topic, partition), []).append(record)

    def batch(self, queue: Queue, start: int, end: int) -> Batch:
        """Return the records of a queue between two offsets."""
        records = self.queues[queue][start:end]
        values = [record.value for record in records]
        return Batch(*queue, records_of(values, range(start, end), [record.arrival for record in records]))


class Worker:
    """The state of one worker, and what the changelog holds of it."""

    def __init__(self, log: Log, now: int, max_leaves: int = 1000) -> None:
        self.log = log
        self.max_leaves = max_leaves
        self.now = now
        self.stored: list[bytes] = []
        self.start()

    def start(self) -> None:
        """Begin with what is stored, and read on from where it ends."""
        self.state = new_state(self.log.registry, max_leaves=self.max_leaves)
        self.state.expire(self.now)
        for data in self.stored:
            self.state.replay(decode_delta(data))
        self._next = {queue: self.state.positions.get(queue, 0) for queue in self.log.queues}
        self._unrated: list[Unrated] = []

    def read(self, queue: Queue, number: int, again: int = 0) -> None:
        """Apply the next records of a queue, the last `again` of those before them once more."""
        start = self._next[queue]
        end = min(start + number, len(self.log.queues[queue]))
        applied = self.state.apply(self.log.batch(queue, max(0, start - again), end))
        self._unrated += [applied.unrated] if applied.unrated else []
        self._next[queue] = end

    def read_all(self) -> None:
        """Apply whatever waits, and rate it."""
        for queue, records in self.log.queues.items():
            self.read(queue, len(records))
        self.rate(len(self._unrated))

    def rate(self, number: int) -> None:
        """Rate so many of the texts that wait, batch by batch."""
        rated, self._unrated = self._unrated[:number], self._unrated[number:]
        for unrated in rated:
            self.state.rate(unrated, verdicts(unrated.texts), MODEL)

    def flush(self, seed: int = 0) -> None:
        """Store all that changed, once what was applied by then is rated; more may be applied meanwhile."""
        random, number = Random(seed), len(self._unrated)
        before = random.randrange(number + 1)
        self.rate(before)
        self.state.expire(self.now)
        cut = self.state.open_cut()
        for queue in sorted(self.log.queues) if seed % 2 else ():
            self.read(queue, random.randrange(3))
        self.rate(number - before)
        if cut is not None:
            self.stored.append(encode_delta(cut.delta()))

    def crash(self, stored: bool, seed: int = 0) -> None:
        """End in the middle of a flush: the delta is stored, and nobody was told, or it is not."""
        if stored:
            self.flush(seed)
        self.start()

    def merge(self) -> None:
        """Merge what is stored, and forget of it what no window needs."""
        if self.stored:
            merged = merge_deltas([decode_delta(data) for data in self.stored])
            self.stored = [encode_delta(compact(merged, self.now))]


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
            worker.crash(stored=random.random() < 0.5, seed=seed)
        else:
            worker.flush(seed)
        if end == "merge":
            worker.merge()
        worker.now += random.choice([MINUTE, HOUR, 13 * HOUR]) if end == "wait" else 0


def picture(state: ShardState, now: int) -> dict[str, Any]:
    """Return all that a state shows at a time: leaves, counts, reach, acts, outcomes."""
    state.expire(now)
    figures = {
        (reading.scope, reading.window): (
            reading.figures.tally,
            reading.figures.reach,
            reading.figures.target_reach,
        )
        for campaign in state.registry.campaigns.values()
        for reading in read_campaign(state, campaign, state.registry, now)
    }
    leaves = {
        name: {leaf: state.first_time(leaf) for leaf in state.leaves_of(name)}
        for name in state.registry.campaigns
    }
    return {
        "leaves": leaves,
        "figures": figures,
        "repeated": {
            (name, kind): state.repeated(name, kind) for name in state.registry.campaigns for kind in ACTS
        },
        "rhythm": {name: state.rhythm(name, now).tolist() for name in state.registry.campaigns},
        "ledger": {topic: state.outcomes(topic) for topic in INPUT_TOPICS},
    }

"""Count what happened in a golden file, as a worker does."""

import json
from collections import Counter

from models.core.records import records_of
from models.events.batch import Batch
from models.state.shard_state import ShardState
from models.times import parse_time
from models.topics import topic_of
from tests.golden.loading import KpiCase
from tests.unit.models.building import KEY

_PARTITIONS = 3


def counted(case: KpiCase) -> ShardState:
    """Return the state at the case's end; each of its steps has one outcome for all its events."""
    state = ShardState(
        case.registry(),
        key=KEY,
        assume_consent=case.assume_consent,
        duplicate_ids=10_000,
        max_leaves=case.max_leaves,
    )
    _send(case, state)
    state.expire(case.now)
    return state


def _send(case: KpiCase, state: ShardState) -> None:
    """Apply the steps one by one."""
    ends: Counter[tuple[str, int]] = Counter()
    for step, by_partition in case.sent(_PARTITIONS):
        topic = topic_of(step.type)
        before = Counter(state.outcomes(topic))
        for partition, payloads in by_partition.items():
            start, ends[topic, partition] = ends[topic, partition], ends[topic, partition] + len(payloads)
            values = [json.dumps(payload).encode() for payload in payloads]
            arrivals = [step.arrival or parse_time(payload["event_time"]) for payload in payloads]
            records = records_of(values, range(start, ends[topic, partition]), arrivals)
            state.apply(Batch(topic, partition, records))
        changed = Counter(state.outcomes(topic)) - before
        became = {name: number for name, number in changed.items() if name.startswith("outcome:")}
        assert became == {f"outcome:{step.becomes}": step.times}, step

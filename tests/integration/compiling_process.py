"""Run as a process: compile as a worker does, work, and print what was compiled when, and how."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.records import record
from models.core.columns import TICK
from models.core.compiling import dispatchers, signatures
from models.core.records import records_of
from models.events.batch import Batch
from models.reach.cells import _FEW_SLOTS
from models.reach.reach import Reach
from models.topics import INPUT_TOPICS
from streams.kafka.compression import Room
from streams.kafka.unread import Answer, Unread
from streams.worker.code_store import CodeStore
from streams.worker.compiling import compile_all
from tests.strategies import EVENT_TYPES, _log
from tests.unit.models.building import NOON, campaign, new_state, registry
from tests.unit.streams.kafka.test_batches import CLICKS
from tests.unit.streams.kafka.written import sent, written
from tests.unit.streams.shard.test_storm import after_a_storm, scattered

_EVENTS = 20_000
_BATCH = 500
_STORMS = 8
_HOUR_LATER = NOON + 3_600_000_000


def work() -> None:
    """Count many events in a state, read batches, and count in workers that are killed and restored."""
    random = Random(1)
    events = [record(random, campaigns=3) for _ in range(_EVENTS)]
    state = new_state(registry(*(campaign(id=f"campaign-{number}") for number in range(2))))
    state.duplicates.capacity = 10 * _EVENTS
    for topic, event_type in INPUT_TOPICS.items():
        values = [value for kind, value in events if kind == event_type]
        for start in range(0, len(values), _BATCH):
            part = values[start : start + _BATCH]
            offsets = range(start, start + len(part))
            state.apply(Batch(topic, 0, records_of(part, offsets, [_HOUR_LATER] * len(part))))
    state.expire(_HOUR_LATER)
    see_in_many_slots()
    for codec in range(5):
        batch = written([sent(7, b"{}", headers=[("h", b"v")]), sent(9, None)], codec=codec)
        assert Unread(CLICKS, Answer(0, batch, ()), Room()).take(2)
    logging.disable()  # They are refused, fenced, killed.
    for seed in range(_STORMS):
        log = _log(Random(seed), 40, EVENT_TYPES)
        asyncio.run(after_a_storm(seed, 8, scattered(log, seed)))


def see_in_many_slots() -> None:
    """Let somebody be seen in each of so many slots that what counts them is read beforehand."""
    reach = Reach()
    slots = np.array([reach.slot(("24h",)) for _ in range(_FEW_SLOTS + 1)])
    reach.see(slots, slots, np.full(len(slots), NOON // TICK))


def references() -> list[str]:
    """Name the functions that count references or allocate; of code that was read nothing can be told."""
    code = {
        f"{one.__module__}.{one.__qualname__}": [*one.inspect_llvm().values(), *one.inspect_asm().values()]
        for one in dispatchers()
    }
    return [name for name, texts in code.items() if "NRT_" in "".join(texts)]


def never_called() -> list[str]:
    """Name the functions that no small batch went through: of these nobody would see references either."""
    return [f"{one.__module__}.{one.__qualname__}" for one in dispatchers() if not one.signatures]


def main(folder: Path) -> None:
    store = CodeStore(folder)
    for _ in compile_all(store):
        pass
    known = signatures()
    counting, uncalled = ([], []) if store.loaded else (references(), never_called())
    work()
    later = sorted(signatures() - known)
    found = {"later": later, "references": counting, "uncalled": uncalled}
    sys.stdout.write(json.dumps({"loaded": store.loaded, "compiled": store.compiled, **found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

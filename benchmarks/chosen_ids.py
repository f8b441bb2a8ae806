"""Compare chosen event ids with any ids: what those cost that were chosen to share a sixteenth of a table.

They are chosen under a key that is guessed. The state has another, as it would; and in the last way that key,
which shows what the attack would do.
"""

import argparse
import secrets
import statistics
import time

import numpy as np

from benchmarks.records import machine
from models.core.columns import Ids
from models.core.hashing import KEY_BYTES, Domain, Hashes, hash_texts, keys_of
from models.state.duplicates import DuplicateMemory

GUESSED = bytes(KEY_BYTES)
ONE_OF = 16
_BATCH = 4000
_LOW = np.uint64(0xFFFFFFFF)


def main() -> None:
    """Hash and remember the ids in each way, in turns; print microseconds an id and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ids", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    tried = [f"e{number}" for number in range(arguments.ids * ONE_OF * 11 // 10)]
    best = np.flatnonzero((_hashes(tried, GUESSED) & _LOW) < 2**32 // ONE_OF)[: arguments.ids]
    chosen, random = [tried[index] for index in best], tried[: len(best)]
    key = secrets.token_bytes(KEY_BYTES)
    ways = {
        "any ids": (random, key),
        "chosen under another key": (chosen, key),
        "chosen under the key": (chosen, GUESSED),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.rounds):
        for name, (ids, own) in ways.items():
            took[name].append(_measure(ids, own) / len(ids) * 1e6)
    print(f"{len(chosen)} ids in batches of {_BATCH}, {machine()}")
    usual = statistics.median(took["any ids"])
    for name, times in took.items():
        print(f"{name:28}{statistics.median(times):10.2f} µs an id{statistics.median(times) / usual:10.1f} ×")


def _measure(ids: list[str], key: bytes) -> float:
    """Return the CPU time: others may use the machine."""
    memory = DuplicateMemory(1_000_000)
    started = time.process_time()
    for at in range(0, len(ids), _BATCH):
        hashes = _hashes(ids[at : at + _BATCH], key)
        memory.take(Ids(hashes, np.zeros(len(hashes), np.int64)))
    return time.process_time() - started


def _hashes(names: list[str], key: bytes) -> Hashes:
    return hash_texts(names, np.broadcast_to(keys_of("glow", key)[Domain.EVENT], (len(names), 2)))


if __name__ == "__main__":
    main()

"""Compare three ways to count distinct people in a rolling day: ours, dicts of last sightings, HyperLogLog.

HyperLogLog needs `pip install datasketches`; it is left out where that is missing.
"""

import argparse
import os
import platform
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.core.columns import TICK
from models.reach.reach import Reach
from models.times import DAY, HOUR
from models.windows import ROLLING

datasketches: Any = import_module("datasketches") if find_spec("datasketches") else None

_NOON = 1_795_003_200_000_000
_BATCH = 16_000  # sightings: those of 4 000 events in four scopes
_TOGETHER = 100_000  # persons of crowds whose sightings are mixed, as those of a service's scopes are
_WINDOW = next(window for window in ROLLING if window.name == "24h")
_SIZES = ((100, 2_000), (10_000, 60), (1_000_000, 12))
_MOST_IN_DICTS = 2_000_000  # persons: more would need gigabytes, and their error is 0


Batch = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Sightings: columns of crowd (numbers from 1 on), person and tick."""


class Counter(Protocol):
    """One way to count."""

    def see(self, batch: Batch) -> None:
        """Take a batch of sightings."""

    def read(self, crowd: int) -> float:
        """Count the persons of the day."""

    def size(self) -> int:
        """Return the bytes held."""


class Ours:
    """The reach of the service."""

    def __init__(self) -> None:
        self._reach = Reach()
        self._slots = 0

    def see(self, batch: Batch) -> None:
        """Let each crowd have a slot, and do what the service does at each flush."""
        crowds, _, ticks = batch
        while self._slots < crowds.max():
            self._slots = self._reach.slot(("24h",))
        self._reach.see(*batch)
        self._reach.expire(int(ticks[-1]) * TICK)
        self._reach.refresh()

    def read(self, crowd: int) -> float:
        """Read the slot."""
        return float(self._reach.estimate(crowd, "24h").value)

    def size(self) -> int:
        """Add up the arrays."""
        return _size(self._reach)


class Dicts:
    """What one would write first: a dict of last sightings, looked through when it is read."""

    def __init__(self) -> None:
        self._last: defaultdict[int, dict[int, int]] = defaultdict(dict)

    def see(self, batch: Batch) -> None:
        """Keep the later time of each person."""
        for crowd, person, tick in _rows(batch):
            last = self._last[crowd]
            if last.get(person, -1) < tick:
                last[person] = tick

    def read(self, crowd: int) -> float:
        """Look at everybody."""
        first = _WINDOW.first_bucket(_NOON) * (_WINDOW.bucket // TICK)
        return sum(tick >= first for tick in self._last[crowd].values())

    def size(self) -> int:
        """Add up the dicts and their integers."""
        return _size(self._last)


class Sketches:
    """A HyperLogLog of 2^14 registers for each bucket of the window, merged when it is read."""

    def __init__(self) -> None:
        self._buckets: defaultdict[int, dict[int, Any]] = defaultdict(dict)

    def see(self, batch: Batch) -> None:
        """Update the sketch of each sighting's bucket."""
        crowds, persons, ticks = batch
        for crowd, person, bucket in _rows((crowds, persons, ticks * TICK // _WINDOW.bucket)):
            buckets = self._buckets[crowd]
            if bucket not in buckets:
                buckets[bucket] = datasketches.hll_sketch(14, datasketches.tgt_hll_type.HLL_8)
            buckets[bucket].update(person >> 1)  # it takes signed integers

    def read(self, crowd: int) -> float:
        """Merge the buckets of the window."""
        union = datasketches.hll_union(14)
        for bucket, sketch in self._buckets[crowd].items():
            if bucket >= _WINDOW.first_bucket(_NOON):
                union.update(sketch)
        return float(union.get_estimate())

    def size(self) -> int:
        """Add up what the sketches take as they are updated."""
        sketches = [sketch for buckets in self._buckets.values() for sketch in buckets.values()]
        return sum(len(sketch.serialize_updatable()) for sketch in sketches)


@dataclass
class Figures:
    """What one counter did with the crowds of one size; times in seconds."""

    errors: list[float] = field(default_factory=list)
    updating: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    size: float = 0


def main() -> None:
    """Let every counter see the same crowds in turns, print figures and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1, help="times the usual number of crowds")
    scale = parser.parse_args().scale
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", end=", ")
    print(f"numpy {np.__version__}, {_processor()}; in brackets: times ours")
    print(f"{'persons':>9} {'':9}{'error q95':>10}{'within 2 %':>11}", end="")
    print(f"{'bytes/person':>19}{'µs/sighting':>19}{'µs/read':>19}")
    for persons, crowds in _SIZES:
        _report(persons, _compare(persons, max(2, int(crowds * scale))))
    if datasketches is None:
        print("HyperLogLog was left out: pip install datasketches")


def _compare(persons: int, crowds: int) -> dict[str, Figures]:
    counters: dict[str, Counter] = {"ours": Ours(), "dicts": Dicts()}
    if datasketches is not None:
        counters["HLL 2^14"] = Sketches()
    figures = {name: Figures() for name in counters}
    together = max(1, _TOGETHER // persons)
    for first in range(1, crowds + 1, together):
        group = range(first, first + together)
        batches = list(_sightings(persons, group))
        for name, counter in counters.items():
            if name != "dicts" or group[-1] * persons <= max(persons, _MOST_IN_DICTS):
                _measure(counter, group, persons, batches, figures[name])
    for name, counter in counters.items():
        figures[name].size = counter.size() / len(figures[name].errors)
    return figures


def _sightings(persons: int, crowds: range) -> Iterator[Batch]:
    """Let each person of each crowd be seen twice within the day."""
    random = np.random.default_rng([crowds[0], persons])
    everybody = random.integers(0, 2**64, persons * len(crowds), dtype=np.uint64)
    order = random.permutation(np.repeat(np.arange(len(everybody)), 2))
    ticks = np.sort(random.integers((_NOON - DAY + HOUR) // TICK, _NOON // TICK, len(order)))
    for start in range(0, len(order), _BATCH):
        chosen = order[start : start + _BATCH]
        yield crowds[0] + chosen // persons, everybody[chosen], ticks[start : start + _BATCH]


def _rows(batch: Batch) -> Iterator[tuple[int, int, int]]:
    return zip(*(column.tolist() for column in batch), strict=True)


def _measure(counter: Counter, crowds: range, persons: int, batches: list[Batch], into: Figures) -> None:
    sightings = sum(len(ticks) for _, _, ticks in batches)
    into.updating.append(_time(lambda: _see_all(counter, batches)) / sightings)
    into.reading.append(_time(lambda: [counter.read(crowd) for crowd in crowds]) / len(crowds))
    into.errors += [abs(counter.read(crowd) / persons - 1) for crowd in crowds]


def _see_all(counter: Counter, batches: list[Batch]) -> None:
    for batch in batches:
        counter.see(batch)


def _time(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _report(persons: int, figures: dict[str, Figures]) -> None:
    ours = _costs(figures["ours"], persons)
    for name, own in figures.items():
        within = sum(error <= 0.02 for error in own.errors) / len(own.errors)
        print(f"{persons:9} {name:9}{np.quantile(own.errors, 0.95):10.2%}{within:11.0%}", end="")
        pairs = zip(_costs(own, persons), ours, strict=True)
        print("".join(f"{cost:11.2f} ({cost / base:5.2f})" for cost, base in pairs))


def _costs(figures: Figures, persons: int) -> list[float]:
    times = [float(np.median(column)) * 1e6 for column in (figures.updating, figures.reading)]
    return [figures.size / persons, *times]


def _size(thing: object) -> int:
    """Add up the bytes of arrays, containers and integers, those within included."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes
    if isinstance(thing, dict):
        return sys.getsizeof(thing) + sum(_size(key) + _size(value) for key, value in thing.items())
    if isinstance(thing, list):
        return sys.getsizeof(thing) + sum(map(_size, thing))
    return sys.getsizeof(thing) + (_size(vars(thing)) if hasattr(thing, "__dict__") else 0)


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open() as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "processor not known"


if __name__ == "__main__":
    main()

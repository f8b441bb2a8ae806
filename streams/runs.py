"""How a partition's deltas lie in the changelog: in runs, each of one delta or of several merged.

A delta has a number; a run is named by the first and last that it holds, and is written in parts, each a
record of its own, so that none is larger than a broker takes. A run whose parts are not all there was not
finished, and counts for nothing. Where runs have become many the latest are merged, with each before them
that is not twice as large: so a byte is rewritten about as often as the state has doubled.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

PART_BYTES = 900_000
MOST_RUNS = 60


class Run(NamedTuple):
    """The deltas `first` to `last` of a partition, written in so many parts."""

    first: int
    last: int
    parts: int


class Part(NamedTuple):
    """The name of one record: which part of a partition's run it is."""

    partition: int
    run: Run
    number: int

    def key(self) -> bytes:
        """Write the record's key."""
        first, last, parts = self.run
        return f"{self.partition}|{first}-{last}|{self.number}/{parts}".encode()


def read_key(key: bytes) -> Part:
    """Read a record's key.

    Raises:
        ValueError: it is none that this release writes.

    """
    try:
        partition, run, part = key.decode().split("|")
        first, last = run.split("-")
        number, parts = part.split("/")
        return Part(int(partition), Run(int(first), int(last), int(parts)), int(number))
    except ValueError:
        raise ValueError(f"state is of another release: it has the key {key[:60]!r}") from None


def parts_of(partition: int, run: Run) -> list[Part]:
    """Name the parts of a run, in the order in which they are written."""
    return [Part(partition, run, number) for number in range(run.parts)]


def split(first: int, last: int, data: bytes) -> tuple[Run, list[bytes]]:
    """Cut what a run holds into its parts."""
    pieces = [data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)] or [b""]
    return Run(first, last, len(pieces)), pieces


def whole_runs(parts: Iterable[Part]) -> list[Run]:
    """List the runs whose parts are all there."""
    found = Counter(part.run for part in parts)
    return [run for run, number in found.items() if number == run.parts]


def chain(runs: Iterable[Run]) -> list[Run]:
    """Choose runs that hold every delta once, from number 0 on: the longest first, for it holds the others.

    Raises:
        ValueError: a delta is missing.

    """
    chosen: list[Run] = []
    for run in sorted(runs, key=lambda run: (run.first, -run.last)):
        following = chosen[-1].last + 1 if chosen else 0
        if run.first == following:
            chosen.append(run)
        elif run.last >= following:
            raise ValueError(f"state has a hole: delta {following} is missing before delta {run.first}")
    return chosen


def to_merge(sizes: list[int]) -> int | None:
    """Tell from which run on all are to be merged, by their sizes from the oldest on; None while few are."""
    if len(sizes) <= MOST_RUNS:
        return None
    start = len(sizes) - MOST_RUNS // 2
    size = sum(sizes[start:])
    while start and sizes[start - 1] <= 2 * size:
        start -= 1
        size += sizes[start]
    return start

"""What the tests of reach are made of: slots, sightings, and what a set of them would say."""

import numpy as np

from models.core.columns import TICK
from models.reach.people import TABLES, hold
from models.reach.reach import Reach
from models.reach.sample import LEVELS, level_of
from models.windows import ROLLING, WINDOW_NAMES, WindowName
from tests.unit.models.building import NOON

WATCHED = ("5m", "1h", "24h", "flight")
KINDS: list[tuple[WindowName, ...]] = [("5m", "1h", "24h"), ("1h", "24h"), ("24h",)]
PEOPLE = np.random.default_rng(1).integers(0, 2**64, 3_000, dtype=np.uint64)
EVERYTHING = 10**6

Sighting = tuple[int, int, int]
"""Slot, person and time."""


def reach_of(limit: int = EVERYTHING) -> Reach:
    """Make one with the slots 1, 2 and 3, of the windows of a campaign, an influencer and a content."""
    reach = Reach(limit)
    for windows in KINDS:
        reach.slot(windows)
    return reach


def see(reach: Reach, slot: int, persons: np.ndarray, time: int = NOON) -> None:
    reach.see(np.full(len(persons), slot), persons, np.full(len(persons), time // TICK))


def see_all(reach: Reach, sightings: list[Sighting]) -> None:
    slots, persons, times = zip(*sightings, strict=True) if sightings else ((), (), ())
    reach.see(np.array(slots, int), PEOPLE[list(persons)], np.array(times, int) // TICK)


def values(reach: Reach, slot: int = 1) -> list[float]:
    return [reach.estimate(slot, window).value for window in WATCHED]


def everything(reach: Reach) -> list[list[float]]:
    return [
        column.tolist()
        for window in WINDOW_NAMES
        for column in reach.estimates(np.arange(len(reach._slots)), window)
    ]


def held_cells(reach: Reach) -> int:
    """Count the cells that some window needs; those that none needs are dropped at other times."""
    cells = reach._cells
    return sum(
        int(hold(table.cells, table.payload, reach.windows, np.empty(table.size, np.bool_)))
        for table in cells._tables
    )


def sweep(reach: Reach) -> None:
    """Drop all cells that no window needs."""
    for number in range(TABLES):
        reach._cells.sweep(number, reach.windows)


def thresholds(reach: Reach, slot: int, window: WindowName) -> dict[int, int]:
    """Return the levels below which nobody is counted, by bucket, those above 0."""
    counts = reach._windows[window]
    columns = np.arange(counts._first, counts._first + counts._covered)
    levels = counts._bands.thresholds[counts._counts.bands[counts._rows[slot]], columns % counts._covered]
    return {bucket: level for bucket, level in zip(columns.tolist(), levels.tolist(), strict=True) if level}


def sample_sizes(window: WindowName, now: int, sightings: list[Sighting], slot: int) -> list[int]:
    """Count by level the persons of a window whose hash reaches the level."""
    inside = PEOPLE[sorted(persons_in_window(window, now, sightings, slot))]
    return [int(np.count_nonzero(level_of(inside) >= level)) for level in range(LEVELS)]


def in_window(window: WindowName, now: int, sightings: list[Sighting], slot: int) -> int:
    return len(persons_in_window(window, now, sightings, slot))


def persons_in_window(window: WindowName, now: int, sightings: list[Sighting], slot: int) -> set[int]:
    last: dict[int, int] = {}
    for where, person, time in sightings:
        if where == slot:
            last[person] = max(last.get(person, 0), time)
    rolling = {window.name: window for window in ROLLING}.get(window)
    if rolling is None:
        return set(last)
    return {person for person, time in last.items() if time // rolling.bucket >= rolling.first_bucket(now)}

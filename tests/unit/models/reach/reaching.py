"""What the tests of reach are made of: slots, sightings, and what a set of them would say."""

from collections.abc import Callable

import numpy as np

from models.core.columns import TICK
from models.reach.cells import Cells
from models.reach.reach import Reach
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
    return [column.tolist() for window in WINDOW_NAMES for column in reach.estimates(window)]


def copy_of(reaches: list[Reach], limit: int, now: int, shuffled: Callable[[int], np.ndarray]) -> Reach:
    merged = reach_of(limit)
    cells = Cells(*map(np.concatenate, zip(*(reach.cells() for reach in reaches), strict=True)))
    order = shuffled(len(cells.slots))
    merged.see(*cells.where(order[: len(order) // 2]))
    for window in WINDOW_NAMES:
        for reach in reaches:
            merged.raise_to(window, reach.thresholds(window))
    merged.see(*cells.where(order[len(order) // 2 :]))
    merged.expire(now)
    merged.refresh()
    return merged


def in_window(window: WindowName, now: int, sightings: list[Sighting], slot: int) -> int:
    last: dict[int, int] = {}
    for where, person, time in sightings:
        if where == slot:
            last[person] = max(last.get(person, 0), time)
    rolling = {window.name: window for window in ROLLING}.get(window)
    if rolling is None:
        return len(last)
    return sum(time // rolling.bucket >= rolling.first_bucket(now) for time in last.values())

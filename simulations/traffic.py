"""Traffic of campaigns, as counts by quarter of an hour: day and night, days, people who act again, posts."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

Floats = npt.NDArray[np.float64]
A_DAY = 96
"""Steps of a day: a quarter of an hour each."""
A_BUCKET = 8
Night = Literal["none", "sine", "abrupt"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """How events come.

    `days_apart` is the standard deviation of the logarithm of a day's level; `again` the share of people who
    act `times` in all, within the sitting or `spread` over the days after; `known` the share of people who
    are identified; `posts` of different quality are published over the first half of the flight; each event
    stands for `count`.
    """

    night: Night = "none"
    days_apart: float = 0.0
    again: float = 0.0
    times: int = 2
    spread: bool = False
    known: float = 0.0
    posts: int = 1
    first_within: float = 0.0
    count: int = 1


@dataclass(frozen=True, slots=True)
class Flights:
    """Counts of campaigns (rows) by step since the first event; Σn and Σn² of those who are identified.

    `paid` is what has accrued of the fees by each step's end, in days of the full fee; the flight began
    `lead` days before the first event.
    """

    counts: Floats
    acts: Floats
    squares: Floats
    paid: Floats
    lead: Floats


def rhythm(night: Night, starts: Floats, steps: int) -> Floats:
    """Return the level of each step, 1 on average over a day; a day begins `starts` days before the first."""
    hours = (starts[:, None] + np.arange(steps) / A_DAY) % 1
    if night == "sine":
        level: Floats = 1 - np.cos(2 * np.pi * hours)
    elif night == "abrupt":
        level = np.where(hours >= 1 / 3, 1.5, 0.0)
    else:
        level = np.ones_like(hours)
    return level


def daily(chance: Generator, sd: float, starts: Floats, steps: int) -> Floats:
    """Return the level of each step's calendar day: lognormal, 1 on average."""
    if not sd:
        return np.ones((len(starts), steps))
    days = np.exp(chance.normal(-(sd**2) / 2, sd, (len(starts), steps // A_DAY + 2)))
    which = (starts[:, None] + np.arange(steps) / A_DAY).astype(int)
    return np.take_along_axis(days, which, axis=1)


def posts(chance: Generator, number: int, campaigns: int, steps: int) -> tuple[Floats, Floats]:
    """Return each step's level and fees: posts of different quality, each paid from its own start.

    The level is 1 a day of full fees on average over the flight.
    """
    if number == 1:
        return np.ones((campaigns, steps)), np.ones((campaigns, steps))
    quality = np.exp(chance.normal(0, 0.3, (campaigns, number)))
    begins = np.sort(chance.uniform(0, steps / 3, (campaigns, number)), axis=1)
    begins -= begins[:, :1]
    live = np.arange(steps) >= begins[..., None]
    level = (quality[..., None] * live).sum(1) / number
    fees = live.sum(1) / number
    return level * (fees.sum(1) / level.sum(1))[:, None], fees


def fly(chance: Generator, traffic: Traffic, a_day: float, campaigns: int, days: int = 30) -> Flights:
    """Draw flights of campaigns with a mean of counts a day (at full fees)."""
    steps = days * A_DAY
    starts = chance.uniform(0, 1, campaigns) if traffic.first_within else np.zeros(campaigns)
    if traffic.night == "abrupt":  # nobody sees a first post before the morning
        starts = np.maximum(starts, 1 / 3)
    level, fees = posts(chance, traffic.posts, campaigns, steps)
    level = level * rhythm(traffic.night, starts, steps) * daily(chance, traffic.days_apart, starts, steps)
    each = 1 + traffic.again * (traffic.times - 1)
    people = chance.poisson(level * (a_day / A_DAY / each / traffic.count))
    counts = people.astype(np.float64)
    known = chance.binomial(people, traffic.known).astype(np.float64)
    acts, squares = known.copy(), known.copy()
    if traffic.again:
        eager = chance.binomial(people, traffic.again)
        share = np.where(people > 0, known / np.maximum(people, 1), 0)
        for number in range(1, traffic.times):
            more = later(chance, eager, number) if traffic.spread else eager
            counts += more
            sure = more * (traffic.known if traffic.spread else share)
            acts += sure
            squares += sure * (2 * number + 1)
    lead = chance.uniform(0, 1, campaigns) * traffic.first_within
    return Flights(counts * traffic.count, acts.cumsum(1), squares.cumsum(1), fees.cumsum(1) / A_DAY, lead)


def later(chance: Generator, eager: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.int64]:
    """Move acts to later steps: each some days after, within the flight or lost to it."""
    rows, at = np.nonzero(eager)
    times = eager[rows, at]
    rows, at = np.repeat(rows, times), np.repeat(at, times)
    at = at + (chance.exponential(2.0 * A_DAY, len(at)) * number).astype(int)
    kept = at < eager.shape[1]
    moved = np.zeros_like(eager)
    np.add.at(moved, (rows[kept], at[kept]), 1)
    return moved

"""Who acts when, of accounts that are no people, and of those who enter a giveaway.

A draw says how many accounts a group has and when each acts, in microseconds since the group began. It is
what `kpis simulate` plays, and what simulations.authenticity judges: there is one idea of fraud.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from models.times import HOUR, MINUTE, SECOND

Times = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Planted(NamedTuple):
    """A kind of fraud: the reason that should find it, what it is, and how much of it can be found.

    The rest are the first ones, which are taken for people's.
    """

    reason: str
    words: str
    findable: float


PLANTED = (
    Planted("burst", "an account that likes 10 to 40 times within 5 to 10 s", 0.68),
    Planted(
        "clockwork",
        "an account that acts 30 to 60 times, half a minute to ten minutes apart, 5 to 15 % uneven; those "
        "that act more than 60 times an hour are also a burst",
        0.67,
    ),
    Planted("copied_text", "a text from 5 to 20 accounts within hours, a fifth of them in other words", 0.64),
    Planted(
        "lockstep",
        "5 to 12 accounts that like every content of an influencer within 45 s of each other",
        0.38,
    ),
    Planted(
        "pod",
        "12 to 20 people who comment on everything of an influencer within 15 minutes, in own words",
        0.22,
    ),
    Planted("no_exposure", "50 likes of 50 accounts within ten minutes; nobody was shown anything", 1.0),
)
ENTRIES = 30
"""The phrases that people enter a giveaway by where it asks for none that is known."""
BY_A_KNOWN_PHRASE, BY_A_PHRASE, FREELY = range(3)
"""How people enter a giveaway."""
SIZES = {
    "burst": (10, 40),
    "clockwork": (30, 60),
    "copied_text": (5, 20),
    "lockstep": (5, 12),
    "pod": (12, 20),
    "no_exposure": (50, 50),
    "giveaway": (50, 50),
}
"""The least and the most interactions of a group; of lockstep and pods on one content."""


def size(chance: Generator, kind: str) -> int:
    """Draw how large a group is."""
    least, most = SIZES[kind]
    return int(chance.integers(least, most + 1))


def mean_size(kind: str) -> float:
    """Return how large a group is on average."""
    return sum(SIZES[kind]) / 2


def burst(chance: Generator) -> Times:
    """Draw the times of one account that likes in a burst."""
    many = size(chance, "burst")
    return _after(np.sort(chance.uniform(0, chance.uniform(5, 10), many)), SECOND)


def script(chance: Generator) -> Times:
    """Draw the times of one account that acts like clockwork."""
    many, every = size(chance, "clockwork"), chance.uniform(30, 600)
    uneven = chance.normal(1, chance.uniform(0.05, 0.15), many)
    return _after(np.cumsum(every * np.maximum(uneven, 0.1)), SECOND)


def copies(chance: Generator) -> Times:
    """Draw when each of several accounts posts a text that was bought."""
    many = size(chance, "copied_text")
    return _after(chance.uniform(0, chance.uniform(0.5, 6), many), HOUR)


def in_the_same_words(chance: Generator, many: int) -> Mask:
    """Draw which of so many accounts post the text as it is."""
    found: Mask = chance.random(many) < 0.8
    return found


def together(chance: Generator, contents: int, many: int) -> Times:
    """Draw when each of so many accounts in lockstep comes to each of so many contents."""
    return _after(chance.uniform(0, 45, (contents, many)), SECOND)


def early(chance: Generator, contents: int, many: int) -> Times:
    """Draw when each of so many members of a pod comments on each of so many new contents."""
    return _after(chance.uniform(0.2, 14, (contents, many)), MINUTE)


def bought_likes(chance: Generator) -> Times:
    """Draw when accounts like that are bought for one like each."""
    return _after(chance.uniform(0, 10, SIZES["no_exposure"][0]), MINUTE)


def entries(chance: Generator) -> Times:
    """Draw when people enter a giveaway, once others have seen it."""
    return _after(np.sort(chance.uniform(0, 6, SIZES["giveaway"][0])), HOUR)


def ways_to_enter(chance: Generator, many: int) -> Times:
    """Draw how each of so many people enters a giveaway."""
    drawn: Times = chance.choice(3, many, p=[0.6, 0.25, 0.15])
    return drawn


def popular(chance: Generator, many: int, of: int) -> Times:
    """Draw from so many things, the first of which are far more popular than the last."""
    weights = 1 / (1 + np.arange(of))
    drawn: Times = chance.choice(of, many, p=weights / weights.sum())
    return drawn


def _after(times: Any, unit: int) -> Times:
    drawn: Times = (times * unit).astype(np.int64)
    return drawn

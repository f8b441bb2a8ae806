"""Suspicious interactions as they come: by accounts and groups, each of which brings many at once."""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from models.statistics.gamma import Floats


class Causes(NamedTuple):
    """What an account or group brings: from `least` to `most` suspicious interactions, each as likely."""

    least: int
    most: int


class Draw(NamedTuple):
    """Interactions by campaign (rows) and bucket."""

    judged: Floats
    suspicious: Floats


ALONE = Causes(1, 1)
PLANTED = Causes(1, 45)
"""About as simulations.fraud plants them and the rules find them: Σn² ÷ Σn is 30."""
BOUGHT = Causes(150, 250)


def draw(chance: Generator, organic: Floats, causes: Causes, suspicious: Floats) -> Draw:
    """Draw interactions with these means by campaign and bucket; organic people act 1.75 times on average."""
    people = chance.poisson(organic / 1.75).astype(np.float64)
    honest = people + chance.poisson(0.75 * people)
    many = chance.poisson(suspicious / np.mean(causes))
    where = np.repeat(np.arange(many.size), many.ravel())
    sizes = chance.integers(causes.least, causes.most + 1, len(where))
    found: Floats = np.bincount(where, sizes, many.size).reshape(many.shape).astype(np.float64)
    return Draw(honest + found, found)

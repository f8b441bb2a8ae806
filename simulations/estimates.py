"""The product's estimates of how events come, along flights: what is known by then, every few buckets."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.kpis.clusters import BUCKETS, COLUMNS, Clusters, Family, spread_of
from models.statistics.gamma import Floats
from simulations.many import People

_EVERY = 4
A_DAY = 12
"""Buckets of a day: two hours each."""


def estimated(
    columns: Mapping[str, Floats], family: Family, sample: tuple[Floats, Floats] | None = None
) -> tuple[Floats, Floats]:
    """Return weight and days apart of a family by campaign and bucket, from the buckets before it.

    `columns` are counts by campaign and bucket since the first event, `sample` is Σn and Σn² of identified
    people, likewise.
    """
    campaigns, buckets = next(iter(columns.values())).shape
    padded = {
        name: np.concatenate([np.zeros((campaigns, BUCKETS)), column], axis=1)
        for name, column in columns.items()
    }
    weights, apart = np.empty((2, campaigns, buckets))
    for bucket in range(0, buckets, _EVERY):
        seen = np.zeros((campaigns, BUCKETS, len(COLUMNS)))
        for name, column in padded.items():
            seen[..., COLUMNS.index(name)] = column[:, bucket : bucket + BUCKETS]
        people: dict[Family, Any] = {}
        if sample is not None and bucket:
            people[family] = People(0.0, *(of[:, bucket - 1] for of in sample))
        # Typed for one campaign; arrays of many serve as well.
        days: Any = np.full(campaigns, bucket / A_DAY)
        spread: Any = spread_of(Clusters(people, seen, days))
        weights[:, bucket : bucket + _EVERY] = spread.weights[family][:, None]
        apart[:, bucket : bucket + _EVERY] = spread.apart[family][:, None]
    return weights, apart

"""Names as 64-bit hashes (XXH3), so that the state holds no id in the clear.

Among a million names the chance that any two collide is 3 in 10⁸.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import xxhash

Hashes = npt.NDArray[np.uint64]

_hash = xxhash.xxh3_64_intdigest


def seed_of(campaign: str) -> int:
    """Return the seed for hashes of names that are unique within a campaign."""
    return _hash(campaign.encode())


def hash_names(names: Sequence[str], seeds: Iterable[int]) -> Hashes:
    """Hash names, each with the seed of its campaign."""
    return np.fromiter(map(_hash, map(str.encode, names), seeds), np.uint64, len(names))

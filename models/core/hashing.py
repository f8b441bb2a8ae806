"""Names as 64-bit hashes (XXH3), so that the state holds no id in the clear.

Among a million names the chance that any two collide is 3 in 10⁸.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import xxhash

Hashes = npt.NDArray[np.uint64]

_hash = xxhash.xxh3_64_intdigest


def hash_in_campaigns(campaigns: Iterable[str], names: Sequence[str]) -> Hashes:
    """Hash names each of which is unique within its campaign."""
    hashes = map(_hash, map(str.encode, names), map(_seed, campaigns))
    return np.fromiter(hashes, np.uint64, len(names))


@lru_cache(maxsize=65_536)
def _seed(campaign: str) -> int:
    return _hash(campaign.encode())

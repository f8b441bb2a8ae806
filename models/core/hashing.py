"""Names as 64-bit hashes that nobody can foresee: SipHash-1-3 under a key that only the state holds.

So no choice of ids makes many persons of few, one id of two, or a hash table slow. Each campaign has keys of
its own, derived from the state's; among a million names the chance that any two collide is 3 in 10⁸.

Aumasson, J.-P. and Bernstein, D. J. (2012): SipHash: a fast short-input PRF. INDOCRYPT, 489–508. With one
round a word and three at the end, as in the dictionaries of Python, Ruby and Rust.
"""

from collections.abc import Sequence
from enum import IntEnum
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from models.core.compiling import U64, compiled, inlined
from models.core.octets import Octets, load64, padded

Hashes = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.uint64]
"""The halves of a key each, in the last axis."""
_Ints = npt.NDArray[np.int64]

KEY_BYTES = 16
_DIGEST = 64
"""The bytes of the longest digest: the keys of so many domains come of one, of more of the next."""

# "somepseudorandomlygeneratedbytes"
_CONSTANT_0, _CONSTANT_1 = U64(0x736F6D6570736575), U64(0x646F72616E646F6D)
_CONSTANT_2, _CONSTANT_3 = U64(0x6C7967656E657261), U64(0x7465646279746573)
_END = U64(0xFF)
_WORD = 8
_LENGTH_AT = U64(56)
_ONE, _BITS_OF_OCTET, _BITS = U64(1), U64(8), U64(64)


class Domain(IntEnum):
    """What a name is of: the same name has an unrelated hash in each domain."""

    PERSON = 0
    EVENT = 1
    CANCELLATION = 2
    REFUND = 3
    TOTAL = 4
    TEXT = 5
    CONTENT = 6
    INFLUENCER = 7


def keys_of(campaign: str, key: bytes) -> Keys:
    """Derive a campaign's keys from the state's, one a domain."""
    digests = (
        blake2b(campaign.encode(), key=key, digest_size=_DIGEST, salt=number.to_bytes(8, "little")).digest()
        for number in range(-(-len(Domain) * KEY_BYTES // _DIGEST))
    )
    derived = np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)
    return derived.reshape(-1, 2)[: len(Domain)]


def hash_texts(texts: Sequence[str], keys: Keys) -> Hashes:
    """Hash texts, each with its own key."""
    names = [text.encode() for text in texts]
    lengths = np.fromiter(map(len, names), np.int64, len(names))
    hashes = np.empty(len(names), np.uint64)
    hash_names(
        padded(*names), lengths.cumsum() - lengths, lengths, np.require(keys, None, ["C", "W"]), hashes
    )
    return hashes


@compiled
def hash_names(buffer: Octets, starts: _Ints, lengths: _Ints, keys: Keys, hashes: Hashes) -> None:
    """Hash names of a buffer, each with its own key, into `hashes`; a length below 0 is that of no name."""
    for index in range(len(starts)):
        if lengths[index] >= 0:
            hashes[index] = siphash(buffer, starts[index], lengths[index], keys[index, 0], keys[index, 1])


@compiled
def siphash(buffer: Octets, start: int, length: int, low: np.uint64, high: np.uint64) -> np.uint64:
    """Hash octets of a buffer with a key of two halves."""
    v0, v1, v2, v3 = low ^ _CONSTANT_0, high ^ _CONSTANT_1, low ^ _CONSTANT_2, high ^ _CONSTANT_3
    end = start + length // _WORD * _WORD
    for at in range(start, end, _WORD):
        v0, v1, v2, v3 = _take(load64(buffer, at), v0, v1, v2, v3)
    rest = (_ONE << U64(length % _WORD) * _BITS_OF_OCTET) - _ONE
    v0, v1, v2, v3 = _take(load64(buffer, end) & rest | U64(length) << _LENGTH_AT, v0, v1, v2, v3)
    v2 ^= _END
    for _ in range(3):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


_Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


@inlined
def _take(word: np.uint64, v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64) -> _Words:
    v0, v1, v2, v3 = _round(v0, v1, v2, v3 ^ word)
    return v0 ^ word, v1, v2, v3


@inlined
def _round(v0: np.uint64, v1: np.uint64, v2: np.uint64, v3: np.uint64) -> _Words:
    v0, v2 = v0 + v1, v2 + v3
    v1, v3 = _rotated(v1, U64(13)) ^ v0, _rotated(v3, U64(16)) ^ v2
    v0 = _rotated(v0, U64(32))
    v2, v0 = v2 + v1, v0 + v3
    v1, v3 = _rotated(v1, U64(17)) ^ v2, _rotated(v3, U64(21)) ^ v0
    return v0, v1, _rotated(v2, U64(32)), v3


@inlined
def _rotated(value: np.uint64, bits: np.uint64) -> np.uint64:
    return value << bits | value >> _BITS - bits

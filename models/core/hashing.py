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

Hashes = npt.NDArray[np.uint64]
Keys = npt.NDArray[np.uint64]
"""The halves of a key each, in the last axis."""

KEY_BYTES = 16

_MASK = (1 << 64) - 1
# "somepseudorandomlygeneratedbytes"
_EVEN = (0x736F6D6570736575, 0x6C7967656E657261)
_ODD = (0x646F72616E646F6D, 0x7465646279746573)
_FINAL = 0xFF
_FINAL_ROUNDS = 3
# In numpy a round costs the same for one name as for hundreds: for fewer than these, Python is faster.
_FEW = 12
_WORD = 8
_BELOW = np.array([(1 << 8 * number) - 1 for number in range(_WORD)], np.uint64)
_LENGTH_AT = np.uint64(56)
_HALF = np.uint64(32)
_BITS = np.uint64(64)
_ROTATIONS = (np.array([[13], [16]], np.uint64), np.array([[17], [21]], np.uint64))

_Lanes = npt.NDArray[np.uint64]


class Domain(IntEnum):
    """What a name is of: the same name has an unrelated hash in each domain."""

    PERSON = 0
    EVENT = 1
    CANCELLATION = 2
    REFUND = 3


def keys_of(campaign: str, key: bytes) -> Keys:
    """Derive a campaign's keys from the state's, one a domain."""
    derived = blake2b(campaign.encode(), key=key, digest_size=len(Domain) * KEY_BYTES).digest()
    return np.frombuffer(derived, "<u8").astype(np.uint64).reshape(len(Domain), 2)


def hash_names(names: Sequence[str], keys: Keys) -> Hashes:
    """Hash names, each with its own key."""
    texts = [name.encode() for name in names]
    if len(texts) >= _FEW:
        return _hash_many(texts, keys)
    return np.array(
        [siphash(text, *key) for text, key in zip(texts, keys.tolist(), strict=True)], dtype=np.uint64
    )


def siphash(text: bytes, low: int, high: int) -> int:
    """Hash bytes with a key of two halves."""
    v0, v2 = (low ^ constant for constant in _EVEN)
    v1, v3 = (high ^ constant for constant in _ODD)
    padded = text + bytes(_WORD - 1 - len(text) % _WORD) + bytes([len(text) & 0xFF])
    for at in range(0, len(padded), _WORD):
        word = int.from_bytes(padded[at : at + _WORD], "little")
        v0, v1, v2, v3 = _round(v0, v1, v2, v3 ^ word)
        v0 ^= word
    v2 ^= _FINAL
    for _ in range(_FINAL_ROUNDS):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


def _round(v0: int, v1: int, v2: int, v3: int) -> tuple[int, int, int, int]:
    v0, v2 = v0 + v1 & _MASK, v2 + v3 & _MASK
    v1, v3 = _rotated(v1, 13) ^ v0, _rotated(v3, 16) ^ v2
    v0 = _rotated(v0, 32)
    v2, v0 = v2 + v1 & _MASK, v0 + v3 & _MASK
    v1, v3 = _rotated(v1, 17) ^ v2, _rotated(v3, 21) ^ v0
    return v0, v1, _rotated(v2, 32), v3


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & _MASK


def _hash_many(texts: Sequence[bytes], keys: Keys) -> Hashes:
    """Do what `siphash` does, round by round for all texts, the longest first: as many as have a word.

    So the work is that of all words together, whatever lengths are mixed.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    starts = lengths.cumsum() - lengths
    order = np.argsort(-lengths, kind="stable")
    lengths, starts = lengths[order], starts[order]
    words, data = lengths // _WORD, b"".join(texts) + bytes(_WORD)
    # A word at every byte: numpy reads what is not aligned, too.
    word_at = np.ndarray((len(data) - _WORD + 1,), "<u8", data, strides=(1,))
    even, odd = _lanes(keys[order, 0], _EVEN), _lanes(keys[order, 1], _ODD)
    spare = np.empty_like(even)
    for number, left in enumerate(_with_more_than(words).tolist()):
        _take(word_at[starts[:left] + number * _WORD], even[:, :left], odd[:, :left], spare[:, :left])
    last = word_at[starts + words * _WORD] & _BELOW[lengths % _WORD]
    _take(last | lengths.astype(np.uint64) << _LENGTH_AT, even, odd, spare)
    even[1] ^= np.uint64(_FINAL)
    for _ in range(_FINAL_ROUNDS):
        _do_round(even, odd, spare)
    hashes = np.empty(len(texts), np.uint64)
    hashes[order] = even[0] ^ even[1] ^ odd[0] ^ odd[1]
    return hashes


def _lanes(halves: Keys, constants: tuple[int, int]) -> _Lanes:
    """Return two of the four words of each text's state: v0 and v2, or v1 and v3."""
    return halves ^ np.array(constants, np.uint64)[:, None]


def _with_more_than(words: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Count for 0, 1, 2 … the texts that have more words than that; `words` falls from text to text."""
    return np.searchsorted(-words, -np.arange(words.max(initial=0)), side="left")


def _take(word: Hashes, even: _Lanes, odd: _Lanes, spare: _Lanes) -> None:
    odd[1] ^= word
    _do_round(even, odd, spare)
    even[0] ^= word


def _do_round(even: _Lanes, odd: _Lanes, spare: _Lanes) -> None:
    """Do a round in place: two halves that treat v0 and v2 alike, the second with their places changed."""
    for lanes, bits in zip((even, even[::-1]), _ROTATIONS, strict=True):
        lanes += odd
        _rotate(odd, bits, spare)
        odd ^= lanes
        _rotate(lanes[0], _HALF, spare[0])


def _rotate(lanes: _Lanes, bits: npt.NDArray[np.uint64] | np.uint64, spare: _Lanes) -> None:
    np.left_shift(lanes, bits, out=spare)
    np.right_shift(lanes, _BITS - bits, out=lanes)
    lanes |= spare

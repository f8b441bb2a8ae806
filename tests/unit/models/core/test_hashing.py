"""Names are hashed by SipHash-1-3, whatever stands around them."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.hashing import KEY_BYTES, Domain, hash_names, hash_texts, keys_of
from models.core.octets import padded
from tests.unit.models.building import KEY
from tests.unit.models.core.siphash import siphash

HALVES = int.from_bytes(KEY[:8], "little"), int.from_bytes(KEY[8:], "little")

# Of Rust's standard library (test_siphash_1_3 in library/coretests/tests/hash/sip.rs), by length: the key is
# the bytes 0, 1 … 15, the text the bytes 0, 1 … as many as its length; hashes in little-endian order.
PUBLISHED = {
    0: "dcc40f055801acab",
    1: "93ca577df39bf4c9",
    7: "4011b19b987d92d3",
    8: "8e9a298d11959036",
    9: "e43d066cb38ea425",
    15: "5699512a6dd820d3",
    16: "668b907d1add4fcc",
    32: "0db6a7166c7b1581",
    63: "a8b3bbb76290199d",
}


def keys(halves: list[tuple[int, int]]) -> Any:
    return np.array(halves, np.uint64).reshape(-1, 2)


@pytest.mark.parametrize("length", PUBLISHED)
def test_hashes_are_those_that_were_published(length: int) -> None:
    text, (low, high) = bytes(range(length)), HALVES

    assert siphash(text, low, high).to_bytes(8, "little").hex() == PUBLISHED[length]
    assert (
        int(hash_texts([text.decode()], keys([(low, high)]))[0]).to_bytes(8, "little").hex()
        == PUBLISHED[length]
    )


@pytest.mark.skipif(
    sys.hash_info.algorithm != "siphash13",
    reason="this Python hashes texts otherwise; run it with one whose `sys.hash_info` says siphash13",
)
def test_hashes_are_those_of_pythons_own_texts() -> None:
    names = ["a", "ana.smith@example.org", "7" * 8, "7" * 64, "é", "日本語のID", "\N{GRINNING FACE}" * 40]
    script = "import json, sys; print([hash(name.encode()) for name in json.loads(sys.argv[1])])"
    ran = subprocess.run(
        [sys.executable, "-c", script, json.dumps(names)],
        env={"PYTHONHASHSEED": "0"},
        capture_output=True,
        check=True,
    )

    theirs = [hash_ % 2**64 for hash_ in json.loads(ran.stdout)]
    assert [siphash(name.encode(), 0, 0) for name in names] == theirs
    assert hash_texts(names, keys([(0, 0)] * len(names))).tolist() == theirs


@given(st.lists(st.tuples(st.text(max_size=70), st.tuples(*[st.integers(0, 2**64 - 1)] * 2)), max_size=40))
@example([("", (0, 0))] * 20)
@example([("x" * length, (length, 2**64 - 1)) for length in range(130)])
def test_a_batch_is_hashed_as_each_name_by_itself(named: list[tuple[str, tuple[int, int]]]) -> None:
    names, halves = [name for name, _ in named], [key for _, key in named]

    one_by_one = [siphash(name.encode(), *key) for name, key in named]

    assert hash_texts(names, keys(halves)).tolist() == one_by_one


@given(st.binary(max_size=80), st.data())
def test_what_stands_before_and_behind_a_name_does_not_matter(text: bytes, data: st.DataObject) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=5))
    lengths = [data.draw(st.integers(0, len(text) - start)) for start in starts]
    hashes = np.zeros(len(starts), np.uint64)

    hash_names(padded(text), np.array(starts), np.array(lengths), keys([HALVES] * len(starts)), hashes)

    expected = [
        siphash(text[start : start + length], *HALVES) for start, length in zip(starts, lengths, strict=True)
    ]
    assert hashes.tolist() == expected


def test_no_name_has_no_hash() -> None:
    hashes = np.full(2, 7, np.uint64)

    hash_names(padded(b"a"), np.array([0, 0]), np.array([-1, 1]), keys([HALVES] * 2), hashes)

    assert hashes.tolist() == [7, siphash(b"a", *HALVES)]


def test_campaigns_domains_and_states_have_keys_of_their_own() -> None:
    derived = [keys_of(campaign, key) for campaign in ("glow", "luz") for key in (KEY, bytes(KEY_BYTES))]

    halves = np.concatenate(derived).ravel()
    assert len(set(halves.tolist())) == len(halves) == 4 * len(Domain) * 2
    assert keys_of("glow", KEY).tolist() == derived[0].tolist()

"""Names are hashed by SipHash-1-3, in a batch as one by one."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.hashing import KEY_BYTES, Domain, hash_names, keys_of, siphash
from tests.unit.models.building import KEY

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
    many = hash_names([text.decode()] * 50, keys([(low, high)] * 50))
    assert {int(one).to_bytes(8, "little").hex() for one in many} == {PUBLISHED[length]}


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
    assert hash_names(names * 9, keys([(0, 0)] * 9 * len(names))).tolist() == theirs * 9


@given(st.lists(st.tuples(st.text(max_size=70), st.tuples(*[st.integers(0, 2**64 - 1)] * 2)), max_size=40))
@example([("", (0, 0))] * 20)
@example([("x" * length, (length, 2**64 - 1)) for length in range(130)])
def test_a_batch_is_hashed_as_each_name_by_itself(named: list[tuple[str, tuple[int, int]]]) -> None:
    names, halves = [name for name, _ in named], [key for _, key in named]

    one_by_one = [siphash(name.encode(), *key) for name, key in named]

    assert hash_names(names, keys(halves)).tolist() == one_by_one
    # Beside others, so that there are enough for a batch.
    among = hash_names([*names, *["other"] * 20], keys([*halves, *[HALVES] * 20]))
    assert among[: len(names)].tolist() == one_by_one


def test_campaigns_domains_and_states_have_keys_of_their_own() -> None:
    derived = [keys_of(campaign, key) for campaign in ("glow", "luz") for key in (KEY, bytes(KEY_BYTES))]

    halves = np.concatenate(derived).ravel()
    assert len(set(halves.tolist())) == len(halves) == 4 * len(Domain) * 2
    assert keys_of("glow", KEY).tolist() == derived[0].tolist()

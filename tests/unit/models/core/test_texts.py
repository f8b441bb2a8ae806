"""Texts have one number each, whatever came before, and Python is asked once."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.core import text_table
from models.core.octets import padded
from models.core.text_table import NONE
from models.core.texts import Texts, TextTuple, only

FEW = st.sampled_from([None, b"", b"a", b"b", b"a\0", b"abcdefg", b"abcdefgh", b"abcdefghi", b"x" * 40])
NOTHING = (None, None)
FACTOR = int(text_table._FACTOR)
PAIRS = st.tuples(FEW | st.binary(max_size=20), FEW)


class Asked:
    """Numbers texts in the order in which it is asked."""

    def __init__(self) -> None:
        self.about: list[TextTuple] = []

    def __call__(self, texts: TextTuple) -> int:
        self.about.append(texts)
        return 10 * len(self.about)


def find(texts: Texts, listed: list[tuple[bytes | None, ...]], lines: list[int] | None = None) -> list[int]:
    """Find tuples that stand in every other column of a table, in the order written."""
    starts = np.zeros((len(listed), 4), np.int64)
    lengths = np.full((len(listed), 4), -1, np.int32)
    joined = bytearray(b"xyz")
    for line, tuple_ in enumerate(listed):
        for column, text in zip((1, 3), tuple_, strict=True):
            starts[line, column], lengths[line, column] = len(joined), -1 if text is None else len(text)
            joined += text or b""
    numbers = np.zeros(len(listed), np.int64)
    chosen = np.arange(len(listed)) if lines is None else np.array(lines, np.int64)
    texts.find(padded(bytes(joined)), starts, lengths, np.array([1, 3]), chosen, numbers)
    return numbers.tolist()


@given(st.lists(PAIRS, max_size=30), st.lists(PAIRS, max_size=30))
def test_each_tuple_of_texts_has_a_number(first: list[TextTuple], second: list[TextTuple]) -> None:
    asked = Asked()
    texts = Texts(2, asked)

    found = find(texts, first) + find(texts, second)

    given = [one for one in first + second if one != NOTHING]
    listed = list(dict.fromkeys(given))
    assert asked.about == listed
    wanted = [NONE if one == NOTHING else 10 * (listed.index(one) + 1) for one in first + second]
    assert found == wanted
    assert [texts.number(one) for one in first + second] == wanted


def test_many_texts_are_found_again() -> None:
    asked = Asked()
    texts = Texts(2, asked)
    listed: list[TextTuple] = [(f"text {number}".encode(), None) for number in range(3000)]

    assert find(texts, listed) == find(texts, listed)
    assert (len(asked.about), len(texts)) == (3000, 3000)


def test_lines_that_are_not_asked_for_keep_their_numbers() -> None:
    texts = Texts(2, Asked())

    assert find(texts, [(b"a", b"b"), (b"c", b"d"), (b"a", b"b")], [0, 2]) == [10, 0, 10]


def test_forgotten_texts_are_asked_for_again() -> None:
    asked = Asked()
    texts = Texts(2, asked)
    find(texts, [(b"a", b"b")])
    texts.clear()

    assert find(texts, [(b"a", b"b")]) == [20]
    assert len(texts) == 1


def test_a_number_below_0_is_not_remembered() -> None:
    asked: list[TextTuple] = []
    texts = Texts(2, lambda one: asked.append(one) or -5)  # type: ignore[func-returns-value]

    for _ in range(2):
        assert find(texts, [(b"a", b"b")] * 3) == [-5] * 3
    assert (len(asked), len(texts)) == (2, 0)


def test_the_most_that_may_be_remembered_are() -> None:
    texts = Texts(2, lambda one: len(one[0] or b""), most=3)
    listed: list[TextTuple] = [(b"x" * number, b"") for number in range(10)]

    assert find(texts, listed + listed) == [*range(10), *range(10)]
    assert len(texts) <= 3


def test_a_tuple_of_one_text_is_that_text() -> None:
    assert only(("é".encode(),)) == "é"


def unstirred(stirred: int) -> int:
    """Return the word that is stirred to another."""
    return (stirred ^ stirred >> 32) * pow(FACTOR, -1, 2**64) % 2**64


def word(stirred: int, place: int) -> bytes:
    """Return the word that adds so much to the hash of its text, at its place."""
    return ((unstirred(stirred) - (place + 1) * FACTOR) % 2**64).to_bytes(8, "little")


def hashed(number: int) -> TextTuple:
    """Return the tuple of a text and none that has this hash."""
    return word((unstirred(unstirred(number)) - 9) % 2**64, 0), None


@given(st.lists(st.builds(int.__add__, st.integers(1, 40), st.sampled_from([0, 64, 2**9, 2**40, 2**50]))))
@example([1] + [number + 2**40 for number in range(1, 41)] * 2)
def test_texts_that_crowd_are_found_again_in_a_table_that_grows(hashes: list[int]) -> None:
    asked = Asked()
    texts, listed = Texts(2, asked), [hashed(number) for number in hashes]

    for number, one in enumerate(listed, 1):
        texts.number(one)
        assert find(texts, listed[:number]) == [10 * (asked.about.index(one) + 1) for one in listed[:number]]
    assert asked.about == list(dict.fromkeys(listed))


def test_texts_of_one_hash_are_told_apart() -> None:
    """Somebody chose them: what one word adds to the sum, the next takes off."""
    asked = Asked()
    texts = Texts(2, asked)
    chosen: list[TextTuple] = [(word(5 + more, 0) + word(2**64 - 3 - more, 1), None) for more in range(32)]

    assert find(texts, chosen) == find(texts, chosen) == [10 * number for number in range(1, 33)]
    assert len(asked.about) == 32
    assert len(texts._beyond) == 32 - text_table._PROBES
    assert [texts.number(one) for one in chosen] == [10 * number for number in range(1, 33)]
    assert [find(texts, [(str(n).encode(), None)]) for n in range(500)] and len(asked.about) == 532
    assert find(texts, chosen) == [10 * number for number in range(1, 33)]

"""Words of a buffer are known by their bytes, all of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.core.octets import padded
from models.core.words import LONGEST, UNKNOWN, Words, number_of, words_of

WORDS = st.text("abc_é", min_size=1, max_size=16).filter(lambda word: len(word.encode()) <= LONGEST)


def mixed(word: str) -> int:
    """Mix the halves of a word, which may undo each other: such words are not laid out together."""
    first, second = (int.from_bytes(word.encode()[at : at + 8], "little") for at in (0, 8))
    return first ^ second


def number(words: Words, text: bytes, before: bytes = b'"', after: bytes = b'"') -> int:
    return int(number_of(words, padded(before, text, after), len(before), len(text)))


@given(st.lists(WORDS, max_size=20, unique_by=mixed), WORDS)
@example(["a", "ab", "abc", "abcdefgh", "abcdefghi", "abcdefghabcdefgh"], "abcdefgh_")
@example([], "a")
def test_a_word_has_the_number_of_its_place_and_others_have_none(listed: list[str], other: str) -> None:
    words = words_of(listed)

    assert [number(words, word.encode()) for word in listed] == list(range(len(listed)))
    assert number(words, other.encode()) == (listed.index(other) if other in listed else UNKNOWN)


@pytest.mark.parametrize("text", [b"", b"a" * 17, b"a" * 300, b"A"])
def test_what_is_no_word_has_no_number(text: bytes) -> None:
    assert number(words_of(["a", "a" * 8, "a" * 16]), text) == UNKNOWN


def test_what_stands_around_a_word_does_not_matter() -> None:
    words = words_of(["type", "event_time"])

    assert number(words, b"type", b"a", b"s") == 0
    assert number(words, b"event_time", b"", b"") == 1


@pytest.mark.parametrize("listed", [["a", "a"], [""], ["a" * 17], ["é" * 9]])
def test_words_that_cannot_be_told_apart_are_refused(listed: list[str]) -> None:
    with pytest.raises(ValueError, match="words must differ"):
        words_of(listed)


def test_too_many_words_are_refused() -> None:
    with pytest.raises(ValueError, match="300 words are too many"):
        words_of([str(number) for number in range(300)])

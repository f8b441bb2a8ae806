"""Files of what is learned: read as they are written, and what is damaged is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sentiment.data_files import DataError
from models.sentiment.folding import folded
from models.sentiment.model import LexiconRater, own_data, without_learned
from models.sentiment.weights import FIELDS, Learned, Weights, WeightsError, read_weights, write_weights
from tests.unit.models.sentiment.building import small_data

HEAD = "\t".join(FIELDS)
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=9).map(folded)
PHRASES = WORDS.filter(lambda word: word and not any(map(str.isspace, word)) and folded(word) == word)
NUMBERS = st.integers(-10_000, 10_000).map(lambda number: number / 100)
LEARNED = st.dictionaries(PHRASES, st.builds(Weights, NUMBERS, NUMBERS))


@given(LEARNED, st.lists(st.sampled_from(["a", "# b", ""])))
def test_what_is_written_is_read(learned: Learned, comments: list[str]) -> None:
    assert read_weights("a.tsv", write_weights(learned, comments).encode()) == learned


@given(LEARNED)
def test_it_is_written_sorted_whatever_the_order(learned: Learned) -> None:
    turned = dict(reversed(list(learned.items())))

    assert write_weights(turned, ["a"]) == write_weights(learned, ["a"])
    assert list(read_weights("a.tsv", write_weights(learned, []).encode())) == sorted(learned)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a.tsv:1: must be phrase, towards positive, towards negative, with tabs between them"),
        (b"# only\n", "a.tsv:2: must be phrase, "),
        (b"good\t1\t1\n", "a.tsv:1: must be phrase, "),
        (f"# a\n{HEAD}\ngood\t1\n".encode(), "a.tsv:3: must have 3 fields with tabs between them"),
        (f"{HEAD}\ngood\t1\t2\n\n".encode(), "a.tsv:3: must have 3 fields"),
        (f"{HEAD}\ngood\t1,5\t2\n".encode(), "a.tsv:2: towards positive: must be a number from -100 to 100"),
        (f"{HEAD}\ngood\t1\tnan\n".encode(), "a.tsv:2: towards negative: must be a number"),
        (f"{HEAD}\ngood\t1\t101\n".encode(), "a.tsv:2: towards negative: must be a number"),
        (f"{HEAD}\ngood\t\t1\n".encode(), "a.tsv:2: towards positive: must be a number"),
        (f"{HEAD}\n\t1\t1\n".encode(), "a.tsv:2: phrase: must be a word, or two with a space between them"),
        (f"{HEAD}\na b c\t1\t1\n".encode(), "a.tsv:2: phrase: must be a word, or two"),
        (
            f"{HEAD}\nDéçu\t1\t1\n".encode(),
            "a.tsv:2: phrase: texts are read without capitals and accents",
        ),
        (f"{HEAD}\na\t1\t1\nb\t1\t1\na\t1\t1\n".encode(), "a.tsv:4: phrase: stands here a second time"),
        (f"{HEAD}\na\t1\t1\n".encode() + b"\xff\t1\t1\n", "a.tsv:3: must be UTF-8"),
    ],
)
def test_damage_is_named(content: bytes, message: str) -> None:
    with pytest.raises(WeightsError) as raised:
        read_weights("a.tsv", content)

    assert str(raised.value).startswith(message)


def test_all_damage_is_named() -> None:
    with pytest.raises(WeightsError) as raised:
        read_weights("a.tsv", f"{HEAD}\na\tx\t1\nb\t1\t1\nc\t1\n".encode())

    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == ["a.tsv:2", "a.tsv:4"]


def test_a_damaged_file_is_one_of_the_lexicon() -> None:
    with pytest.raises(DataError, match=r"learned/en\.tsv:2: towards positive: must be a number"):
        LexiconRater({**small_data(), "learned/en.tsv": f"{HEAD}\na\tx\t1\n".encode()})


def test_other_weights_are_another_version_and_the_lexicon_may_do_without() -> None:
    data = {**small_data(), "learned/en.tsv": f"{HEAD}\na\t1\t1\n".encode()}
    other = {**data, "learned/en.tsv": f"{HEAD}\na\t1\t2\n".encode()}

    assert LexiconRater(data).version != LexiconRater(other).version
    assert without_learned(data) == small_data()
    assert len(own_data()) == len(without_learned(own_data())) + 3

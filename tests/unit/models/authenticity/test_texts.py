"""What of a text is compared: its words, and nothing that is put around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.authenticity.giveaways import PHRASES
from models.authenticity.texts import words_of, written

TEXT = "this cream changed my skin"


@pytest.mark.parametrize(
    "same",
    [
        "This CREAM changed my skin",
        "  this   cream, changed my skin!!! ",
        "@lea.b this cream #ad changed my skin @tom",
        "https://x.example/a?b=c this cream changed my skin www.x.example",
        "this 😍 cream 😍 changed my skin",
        "ｔｈｉｓ cream changed my skin",
    ],
)
def test_what_is_put_around_words_does_not_tell_texts_apart(same: str) -> None:
    assert written(same).compared == written(TEXT).compared == TEXT
    assert written(same).words == 5


def test_other_words_do() -> None:
    assert written("this cream changed your skin").compared != TEXT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("😍😍", 0),
        ("@lea #ad https://x.example", 0),
        ("j’adore", 1),
        ("l'été dernier", 2),
        ("超可愛い", 1),
    ],
)
def test_words_are_counted_without_mentions_tags_links_and_emoji(text: str, words: int) -> None:
    assert written(text).words == words


def test_an_accent_may_be_composed_or_not() -> None:
    assert written("e\u0301te\u0301") == written("\u00e9t\u00e9")


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_of_giveaways_stands_as_texts_are_compared_and_excepts_who_writes_it(phrase: str) -> None:
    assert " ".join(words_of(phrase)) == phrase
    assert written(f"Oh {phrase.upper()}, @brand! {TEXT}").compared == ""


def test_no_phrase_stands_there_twice_nor_within_a_word() -> None:
    assert len(set(PHRASES)) == len(PHRASES)
    assert written("que los participores del mundo lo vean").compared


def test_own_phrases_are_excepted_too() -> None:
    assert written(f"{TEXT}, je joue avec Glow !", ("Je JOUE avec glow",)).compared == ""
    assert written(TEXT, ("", "😍")).compared == TEXT


@given(st.text(max_size=60))
def test_any_text_has_words_and_what_is_compared_has_the_same(text: str) -> None:
    found = written(text)

    assert found.compared == "" or found.compared.split(" ") == words_of(text)
    assert found.words == len(words_of(text))


@given(st.text(st.characters(max_codepoint=127), max_size=60) | st.sampled_from(["@a b", "a #b", "x://y z"]))
def test_a_text_that_is_ascii_is_read_like_any_other(text: str) -> None:
    assert [*words_of(text), "é"] == words_of(f"{text} É")


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert written("a " * 100_000).words == 2500

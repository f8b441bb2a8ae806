"""What holds for every text, and what the rater says about its ratings."""

import sys
import unicodedata
from collections import Counter
from types import FrameType, SimpleNamespace
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.sentiment.folding import MOST_CHARACTERS
from models.sentiment.model import LexiconRater, own_data
from models.sentiment.rating import Rater, Rating
from tests.unit.models.sentiment.building import small_data, usual_rater, verdict

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PIECES = st.sampled_from(
    [
        "love",
        "not",
        "pas",
        "déçue",
        "muy",
        "niño",
        "😍",
        "🙄",
        "👩🏽‍❤️‍👨",
        ":)",
        ":((",
        "?",
        "!",
        "...",
        ",",
        "\n",
        "@a",
        "#b",
        "http://",
        "mais",
        "&amp;",
        "&#",
        "10/10",
        "l'",
        "''",
        "ﷺ",
        "\ud800",
        "\0",
        "(",
        "Ａ",
        "ñ",
        "é",
        "no",
        "so",
    ]
)
TEXTS = st.text(max_size=40) | st.lists(PIECES | st.text(max_size=3), max_size=25).map(" ".join)
TAGS = st.sampled_from([None, "", "en", "fr-CA", "ES", "de", "und", "x", "en_US", "zh-Hant-TW", "-", "é"])


@given(TEXTS, TAGS)
@example("&#1114112;", None)
@example("…" * 3, "fr")
def test_whatever_the_text_there_is_a_rating(text: str, language: str | None) -> None:
    rating = usual_rater().rate(text, language)

    assert rating.verdict in ("positive", "neutral", "negative", "unrated")
    assert rating.verdict != "unrated" or rating.because == ()


@given(
    st.lists(
        st.sampled_from(["J'étais", "déçu", "très", "más", "corazón", "café", "naïve", "ñ", "ÀÉ", "love"])
    ).map(" ".join),
    TAGS,
)
def test_accents_may_stand_alone_or_not(text: str, language: str | None) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert usual_rater().rate(composed, language) == usual_rater().rate(decomposed, language)


def test_accents_that_stand_alone_do_not_shorten_what_is_rated() -> None:
    text = "é" * (MOST_CHARACTERS - 10) + " horrible"

    assert verdict(text, "fr") == verdict(unicodedata.normalize("NFD", text), "fr") == "negative"


def test_the_first_5000_characters_are_rated() -> None:
    assert verdict("z " * 2496 + "horrid", "en") == "negative"
    assert verdict("z " * 2500 + "horrid", "en") == "neutral"


def test_no_more_accents_are_arranged_than_may_be_rated(monkeypatch: pytest.MonkeyPatch) -> None:
    arranged: list[int] = []

    def normalize(form: Literal["NFC", "NFKD"], text: str) -> str:
        arranged.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr("models.sentiment.folding.unicodedata", SimpleNamespace(normalize=normalize))
    usual_rater().rate("\u0301\u0316" * 16_000)

    assert max(arranged) <= 3 * MOST_CHARACTERS


def steps(text: str, language: str | None) -> int:
    """Count the lines that are run while a text is rated."""
    counted: Counter[str] = Counter()

    def count(_: FrameType, event: str, argument: object) -> "TraceFunction":
        counted[event] += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        usual_rater().rate(text, language)
    finally:
        sys.settrace(before)
    return counted["line"]


@pytest.mark.parametrize(
    "piece",
    [
        "😍",
        "(",
        "😍😡",
        ":(",
        "no ",
        "mais beau ",
        "? ",
        "not love ",
        "'",
        "a'",
        "…",
        "best ",
        "very ",
        "so",
        "@",
        "&",
        "é",
        "can't ",
        "can't wait 😍 but ",
        ". ",
        "the best product i've ever ",
    ],
)
def test_twice_the_text_takes_at_most_twice_the_steps(piece: str) -> None:
    half, whole = (piece * (length // len(piece)) for length in (MOST_CHARACTERS // 2, MOST_CHARACTERS))

    assert steps(whole, "en") <= 2.1 * steps(half, "en") + 100


def test_a_rating_says_by_which_words_it_came_about() -> None:
    rating = usual_rater().rate("Not good, and the smell 🤢", "en")

    assert rating == Rating("negative", (("good", 2.0 * -0.7), ("🤢", -2.0)), "en")


def test_it_is_a_rater() -> None:
    assert isinstance(usual_rater(), Rater)


def test_the_version_is_that_of_the_data() -> None:
    rules = small_data(praise="{says: praise, entries: {en: {2: good}}}")
    other = small_data(praise="{says: praise, entries: {en: {3: good}}}")

    assert LexiconRater(rules).version == LexiconRater(dict(reversed(rules.items()))).version
    assert LexiconRater(rules).version != LexiconRater(other).version
    assert LexiconRater(own_data()).version == usual_rater().version


def test_files_that_are_joined_are_other_data() -> None:
    two = small_data(a="{says: a, entries: {en: {2: good}}}", b="{says: b, entries: {en: {2: fine}}}")
    renamed = {**two, "c.yaml": two["b.yaml"]}
    del renamed["b.yaml"]

    assert LexiconRater(two).version != LexiconRater(renamed).version

"""The rules on small lexicons: how far a negation reaches, what a question leaves, what settles a text."""

import pytest

from models.sentiment.model import LexiconRater
from tests.unit.models.sentiment.building import small_data

RULES = {
    "words": "{says: w, entries: {en: {2: 'good, fine day, well …, not so bad', -2: bad}, fr: {2: aim~er}}}",
    "more": "{says: m, entries: {en: {-3: 'awful, waited ** days'}, fr: {-1: même pas}}}",
    "grouped": "{says: g, entries: {en: {2: 'my @person stole', 3: my sister stole *, -2: '@pet ** @pet'}}}",
    "hints": "{says: h, entries: {en: {-0.5: 'still, dollars, euros, pounds'}}}",
    "not": "{says: n, role: negation, reaches: 3, entries: {en: {-0.7: not}, fr: {-0.7: 'pas, même pas'}}}",
    "contrast": "{says: c, role: contrast, entries: {en: {0.3: but, 1: and}}}",
    "question": "{says: q, role: question, entries: {any: {2.5: '?'}, en: {2.5: how much}}}",
    "irony": "{says: i, role: irony, entries: {any: {-2: 🙄}, en: {-2: oh … sure}}}",
    "settles": "{says: s, role: settles, entries: {en: {3: first}}}",
    "signs": "{says: e, are: signs, entries: {any: {2: '😍 🔥 👏 :)', -2: 😡}}}",
}
RATER = LexiconRater(small_data(**RULES))


def strengths(text: str, language: str = "en") -> list[float]:
    return [round(strength, 2) for _, strength in RATER.rate(text, language).because]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("not good", [-1.4]),
        ("not a b good", [-1.4]),
        ("not a b c good", [2.0]),
        ("not, good", [2.0]),
        ("not 😍 good", [2.0, 2.0]),
        ("not. good", [2.0]),
        ("not not good", [-1.4]),
        ("not bad and good", [1.4, 2.0]),
        ("good not", [2.0]),
        ("not bad but good", [0.42, 2.0]),
    ],
)
def test_a_negation_turns_three_words_round(text: str, found: list[float]) -> None:
    assert sorted(strengths(text)) == sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("j'aime pas", [-1.4]),
        ("j'aime vraiment pas", [-1.4]),
        ("j'aime tout cela pas", [2.0]),
        ("j'aime, pas cher", [2.0]),
        ("pas aimer", [-1.4]),
        ("pas aimer pas", [-1.4]),
        ("j'aime même pas", [-1.4]),
        ("même pas aimer", [-1.4]),
        ("j'aime, même pas", [2.0, -1.0]),
    ],
)
def test_in_french_it_turns_a_verb_before_it_round_once(text: str, found: list[float]) -> None:
    assert strengths(text, "fr") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("good but bad", [0.6, -2.0]),
        ("good but", [2.0]),
        ("good. but bad", [0.6, -2.0]),
        ("good. good. but bad", [2.0, 0.6, -2.0]),
        ("bad but good but", [-0.6, 2.0]),
        ("good and bad", [2.0, -2.0]),
        ("but good", [2.0]),
    ],
)
def test_what_stands_behind_but_is_what_is_meant(text: str, found: list[float]) -> None:
    assert strengths(text) == found


def test_a_phrase_that_is_a_negation_itself_is_not_turned_round() -> None:
    assert strengths("not a not so bad") == [2.0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("waited days", [-3.0]),
        ("waited a b c days", [-3.0]),
        ("waited a b c d days", []),
        ("waited a, b days", []),
        ("waited a good days", [-3.0]),
        ("waited a good b", [2.0]),
    ],
)
def test_a_gap_is_none_to_three_words_without_a_comma(text: str, found: list[float]) -> None:
    assert strengths(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my mum stole", [2.0]),
        ("my sisters stole", [2.0]),
        ("my sister stole", [2.0]),
        ("my sister stole it", [3.0]),
        ("my cat stole", []),
        ("my, mum stole", []),
        ("cat cat", [-2.0]),
        ("cat a b cat", [-2.0]),
        ("person", []),
    ],
)
def test_a_group_is_any_of_its_words(text: str, found: list[float]) -> None:
    assert strengths(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a "good" cake', [-1.5]),
        ("a “good” cake", [-1.5]),
        ("a «very good» cake", [-1.5]),
        ("a 'good' cake", [-1.5]),
        ('"it is good" they say', [2.0]),
        ('a "cake" good "cake"', [2.0]),
        ('a "good cake', [2.0]),
        ("girls' good day, boys' day", [2.0]),
        ('a "bad" cake', [-2.0]),
    ],
)
def test_praise_in_quotation_marks_is_doubted(text: str, found: list[float]) -> None:
    assert strengths(text) == found


def test_words_that_only_hint_decide_together() -> None:
    assert RATER.rate("still", "en").verdict == "neutral"
    assert RATER.rate("still 90 dollars", "en").verdict == "negative"
    assert strengths("not still") == [-0.5]


@pytest.mark.parametrize("text", ["90$", "$90", "90 €", "€ 90", "90£", "$1,200"])
def test_signs_of_money_are_words(text: str) -> None:
    assert strengths(text) == [-0.5]


def test_a_dollar_that_is_no_price_is_none() -> None:
    assert strengths("a$ap $") == []


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("good?", "neutral"),
        ("awful?", "negative"),
        ("good! really?", "positive"),
        ("good!?", "neutral"),
        ("how much good", "neutral"),
        ("?", "neutral"),
        ("😍?", "neutral"),
    ],
)
def test_a_question_leaves_strong_words(text: str, verdict: str) -> None:
    assert RATER.rate(text, "en").verdict == verdict


@pytest.mark.parametrize("text", ["good good good 🙄", "🙄", "oh, sure", "oh sure good", "😍 🙄"])
def test_irony_leaves_no_praise(text: str) -> None:
    assert RATER.rate(text, "en").verdict == "negative"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("first 😍", "neutral"),
        ("first good", "neutral"),
        ("first bad", "negative"),
        ("first a b good", "positive"),
    ],
)
def test_a_short_text_is_settled_unless_it_is_negative(text: str, verdict: str) -> None:
    assert RATER.rate(text, "en").verdict == verdict


def test_a_row_of_emoji_counts_once_and_all_of_them_together_are_bounded() -> None:
    assert strengths("😍😍😍😍 😍") == [2.0]
    assert RATER.rate("bad bad 😍", "en").verdict == "negative"
    assert RATER.rate("bad bad 😍🔥👏", "en").verdict == "negative"


@pytest.mark.parametrize("text", ["🙄", "fine, day", "well good", "good"])
def test_a_comma_parts_phrases_where_none_is_written(text: str) -> None:
    found = {"fine, day": [], "well good": [2.0], "good": [2.0], "🙄": [-2.0]}

    assert strengths(text) == found[text]
    assert strengths("well, good") == [2.0, 2.0]
    assert strengths("fine day") == [2.0]


@pytest.mark.parametrize("text", [":)", ":)))))", "so:)", "a :) b"])
def test_a_smiley_may_be_drawn_out(text: str) -> None:
    assert strengths(text) == [2.0]

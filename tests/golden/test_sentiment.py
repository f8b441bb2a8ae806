"""The examples in the data files of the lexicon are its tests: a marketer who corrects one adds another."""

from collections import Counter

import pytest

from models.sentiment.compiling import compile_data
from models.sentiment.data_files import LANGUAGES, Language, Rule, Scope, read_data
from models.sentiment.folding import folded
from models.sentiment.model import own_data
from models.sentiment.rating import Verdict
from tests.unit.models.sentiment.building import usual_rater

DATA = read_data(own_data())
RULES = DATA.rules
LEXICONS = compile_data(DATA).lexicons
EXAMPLES = [(name, *example) for name, rule in RULES.items() for example in rule.texts()]


@pytest.mark.parametrize(("name", "language", "verdict", "text"), EXAMPLES, ids=lambda value: str(value)[:60])
def test_an_example_is_rated_as_it_says(name: str, language: Scope, verdict: Verdict, text: str) -> None:
    given = (None, *LANGUAGES) if language == "any" else (None, language)
    found = {one: usual_rater().rate(text, one) for one in given}

    assert {one: rating.verdict for one, rating in found.items()} == dict.fromkeys(given, verdict), found


@pytest.mark.parametrize("name", RULES)
def test_each_rule_has_examples_in_each_of_its_languages(name: str) -> None:
    rule: Rule = RULES[name]
    languages = LANGUAGES if name.startswith("words/") else tuple(rule.entries)
    shown = Counter(language for language, _, _ in rule.texts())

    assert {language: shown[language] for language in languages if shown[language] < 2} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_at_least_1500_forms_of_single_words(language: Language) -> None:
    lexicon = LEXICONS[language]

    assert sum(node.meaning is not None for node in lexicon.values()) > 1500


JUDGING = {
    "en": {"good", "gimme", "nope", "smh", "thanks", "thx", "ty", "wtf"},
    "fr": {"bof", "mal", "merci"},
    "es": {"buenas", "buenos", "gracias", "mal"},
}
"""The words that shape a language's sentences and judge all the same."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_hardly_a_word_that_shapes_sentences_judges(language: Language) -> None:
    """An entry that had lost a word left `por` alone, and every second Spanish text was negative."""
    telling = folded(DATA.vocabulary.telling[language]).replace("'", "").split()
    meanings = {word: LEXICONS[language][word].meaning for word in telling if word in LEXICONS[language]}
    found = {word for word, one in meanings.items() if one and one.judges and one.role == "strength"}

    assert found == JUDGING[language]

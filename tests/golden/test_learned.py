"""What was learned says something where the lexicon says nothing; a marketer can add sentences."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from models.sentiment.model import LexiconRater, own_data, without_learned
from tests.unit.models.sentiment.building import usual_rater

FILE = Path(__file__).parent / "sentiment" / "learned.yaml"
SENTENCES = [
    (language, verdict, sentence)
    for language, by_verdict in yaml.safe_load(FILE.read_text("utf-8")).items()
    for verdict, listed in by_verdict.items()
    for sentence in listed.splitlines()
]


@cache
def lexicon_alone() -> LexiconRater:
    return LexiconRater(without_learned(own_data()))


@pytest.mark.parametrize(("language", "verdict", "sentence"), SENTENCES)
def test_a_sentence_is_rated_as_it_says(language: str, verdict: str, sentence: str) -> None:
    rating = usual_rater().rate(sentence, language)

    assert rating.verdict == verdict, rating
    assert lexicon_alone().rate(sentence, language).verdict == "neutral"
    assert verdict == "neutral" or all(phrase.startswith("learned: ") for phrase, _ in rating.because)

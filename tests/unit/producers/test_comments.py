"""Comments are in three languages, mostly each in its own words, and felt as they are meant."""

from collections import Counter
from random import Random

import pytest

from models.authenticity.texts import written
from producers import comments
from producers.groups import ENTRIES
from producers.phrases import PHRASES, POLARITIES, Polarity

LANGUAGES = tuple(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("polarity", POLARITIES)
def test_of_sentences_hardly_any_is_written_by_three(language: str, polarity: Polarity) -> None:
    chance = Random(1)
    said = Counter(written(comments.sentence(chance, language, polarity)).compared for _ in range(3000))

    assert all(len(text.split()) >= 4 for text in said)
    assert sum(many for many in said.values() if many > 2) < 0.01 * said.total()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_many_write_is_too_short_to_be_compared(language: str) -> None:
    short = [text for texts in PHRASES[language].short.values() for text in texts]

    assert all(written(text).words < 4 for text in short)


@pytest.mark.parametrize("language", LANGUAGES)
def test_entries_in_words_that_everybody_uses_are_excepted_and_others_are_not(language: str) -> None:
    assert not any(written(text).compared for text in PHRASES[language].known)
    entries = {written(comments.entry(language, number)).compared for number in range(ENTRIES)}
    assert len(entries) == ENTRIES
    assert "" not in entries


def test_the_language_is_that_of_where_the_campaign_is() -> None:
    zones = ("Europe/Paris", "Europe/Madrid", "America/New_York")
    assert [comments.language_of(zone) for zone in zones] == ["fr", "es", "en"]

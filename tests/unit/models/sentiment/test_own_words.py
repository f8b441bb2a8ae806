"""The words of a campaign, which win over the lexicon."""

import pytest

from models.sentiment.rating import OwnWords
from tests.unit.models.sentiment.building import usual_rater, verdict

OWN = OwnWords(
    positive=("unserious", "Café Noir"),
    negative=("greenwashing", "vegan leather"),
    neutral=("sick", "¡fatal!"),
)


@pytest.mark.parametrize(
    ("text", "rated"),
    [
        ("this is so unserious", "positive"),
        ("CAFE NOIR", "positive"),
        ("I love love love the greenwashing 😍😍", "negative"),
        ("It is a sick dress", "neutral"),
        ("not greenwashing at all", "positive"),
        ("greenwashing and unserious, but gorgeous", "positive"),
        ("gorgeous", "positive"),
    ],
)
def test_own_words_win(text: str, rated: str) -> None:
    assert verdict(text, "en", OWN) == rated


def test_phrases_of_the_lexicon_do_not_hide_them() -> None:
    own = OwnWords(negative=("using",))

    assert verdict("can't stop using it", "en") == "positive"
    assert usual_rater().rate("can't stop using it", "en", own).because[-1][0] == "using"


def test_what_campaign_files_are_warned_of_holds_no_word() -> None:
    for silent in "!.,&'\"“”«»•…":
        assert verdict(f"lovely {silent * 3} lovely", "en", OwnWords(negative=(silent * 3,))) == "positive"
    for telling in ("?", "🔥", ":)", "1"):
        assert verdict(f"lovely {telling} lovely", "en", OwnWords(negative=(telling,))) == "negative"


def test_they_are_read_in_every_language() -> None:
    assert verdict("echt unserious", "de", OWN) == "positive"
    assert verdict("echt unserious", "de") == "unrated"
    assert verdict("Das ist so sick", "de", OWN) == "unrated"


@pytest.mark.parametrize("word", ["", "@somebody", "#tag", "...", "…", "*", "(", "a*b", "https://a.example"])
def test_what_is_in_no_text_changes_nothing(word: str) -> None:
    own = OwnWords(negative=(word,))

    assert usual_rater().rate("I love it", "en", own) == usual_rater().rate("I love it", "en")


def test_a_word_that_is_in_two_lists_is_negative() -> None:
    assert verdict("meh", "en", OwnWords(("meh",), ("meh",), ("meh",))) == "negative"

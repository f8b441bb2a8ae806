"""The language that a text is rated in."""

import pytest

from models.sentiment.languages import declared
from tests.unit.models.sentiment.building import usual_rater, verdict


def language(text: str, given: str | None = None) -> str | None:
    return usual_rater().rate(text, given).language


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("en", "en"),
        ("fr-CA", "fr"),
        ("ES-419", "es"),
        ("en_US", "en"),
        ("spa", "es"),
        ("fra", "fr"),
        ("de-AT", "de"),
        ("und", None),
        ("mul", None),
        ("zxx", None),
        ("", None),
        (None, None),
        ("*", None),
        ("x", None),
    ],
)
def test_a_tag_names_a_language(tag: str | None, found: str | None) -> None:
    assert declared(tag) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I bought it last week", "en"),
        ("Je l'ai acheté la semaine dernière", "fr"),
        ("Lo compré la semana pasada", "es"),
        ("jsuis trop contente", "fr"),
        ("qué bonito", "es"),
        ("bof", "fr"),
        ("gorgeous", "en"),
        ("guapísima", "es"),
        ("ma fille l'a cassé hier", "fr"),
        ("mi hija lo usa a diario", "es"),
    ],
)
def test_words_tell_the_language(text: str, found: str) -> None:
    assert language(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Das ist nicht schön, ich bin enttäuscht",
        "Não gostei, muito ruim",
        "Questo prodotto è bellissimo",
        "Очень красиво",
        "とても可愛い",
        "Çok güzel ama pahalı",
        "bagus banget kak",
        "xyzzy plugh",
        "Sandra",
        "12345",
        "",
        "...",
    ],
)
def test_what_cannot_be_told_and_other_languages_are_unrated(text: str) -> None:
    assert usual_rater().rate(text).verdict == "unrated"


@pytest.mark.parametrize("text", ["Das ist super 😍", "Очень красиво 😍", "Sandra 😍"])
def test_emoji_beside_words_that_are_not_read_rate_nothing(text: str) -> None:
    assert verdict(text) == "unrated"


@pytest.mark.parametrize("given", [None, "en", "fr", "es", "de", "ja"])
def test_emoji_alone_are_rated_in_every_language(given: str | None) -> None:
    assert verdict("😍😍", given) == "positive"
    assert verdict("😂", given) == "neutral"
    assert language("😍😍", given) is None


def test_the_language_of_the_event_is_the_one_that_is_read() -> None:
    assert verdict("pain", "en") == "negative"
    assert verdict("pain", "fr") == "neutral"
    assert verdict("love it", "de") == "unrated"


def test_languages_that_fit_equally_well_must_agree() -> None:
    assert verdict("super") == "positive"
    assert verdict("horrible") == "negative"
    assert verdict("pain") == "negative"

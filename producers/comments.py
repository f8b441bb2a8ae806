"""What people write under contents, in English, French and Spanish."""

from random import Random

from producers.phrases import CITIES, PHRASES, Polarity

_SHORT = 0.4
_LONGEST_USE = 60


def comment(chance: Random, language: str, polarity: Polarity) -> str:
    """Write a comment: a few words that many write, or a sentence that hardly anybody else does."""
    if chance.random() < _SHORT:
        return chance.choice(PHRASES[language].short[polarity])
    return sentence(chance, language, polarity)


def sentence(chance: Random, language: str, polarity: Polarity) -> str:
    """Write a comment of some length."""
    parts = PHRASES[language]
    since = chance.choice(parts.since).format(
        days=2 + int(_LONGEST_USE * chance.random()), city=chance.choice(CITIES)
    )
    return f"{chance.choice(parts.openings)} {chance.choice(parts.said[polarity])} {since}".lstrip()


def known_entry(chance: Random, language: str) -> str:
    """Enter a giveaway in words that everybody uses."""
    return chance.choice(PHRASES[language].known)


def entry(language: str, number: int) -> str:
    """Enter a giveaway in words that many use, of so many (groups.ENTRIES)."""
    first, last = PHRASES[language].entries
    return f"{first[number % len(first)]} {last[number // len(first)]}"


def language_of(time_zone: str) -> str:
    """Guess the language in which most of a campaign's audience writes."""
    return {"Europe/Paris": "fr", "Europe/Brussels": "fr", "Europe/Madrid": "es"}.get(time_zone, "en")

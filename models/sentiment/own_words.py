"""The words of a campaign as they are looked up."""

from models.sentiment.compiling import words_of
from models.sentiment.lexicon import Lexicon, Meaning, lexicon_of
from models.sentiment.rating import OwnWords
from models.sentiment.tokens import Scanner

_STRENGTH = 3.0


def own_lexicon(own: OwnWords, scanner: Scanner) -> Lexicon:
    """Arrange a campaign's words; mentions, tags and links are in no text that is rated, and left out."""
    strengths = ((own.neutral, 0.0), (own.positive, _STRENGTH), (own.negative, -_STRENGTH))
    phrases = {
        words_of(text, scanner): Meaning("own", strength, 0, text)
        for texts, strength in strengths
        for text in texts
    }
    phrases.pop((), None)
    return lexicon_of(phrases)

"""What of a text is compared: its words, so that copies are alike whatever is put around them.

Texts are compared by a hash of this, under the state's key; the text itself is kept nowhere.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from models.authenticity.giveaways import PHRASES

LONGEST = 5000
"""The characters of a text that are looked at, as where it is rated."""
_LINKS_AND_TAGS = re.compile(r"(?:https?://|www\.)\S+|[@#][\w.]+")
_OF_LINKS_AND_TAGS = ("@", "#", "://", "www.")
"""What a text without any has neither links nor tags."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Written(NamedTuple):
    """The words of a text in their order, and how many; the text is empty where it is not compared."""

    compared: str
    words: int


def written(text: str, excepted: tuple[str, ...] = ()) -> Written:
    """Return what of a text is compared: nothing of one that holds a phrase of giveaways, or an excepted one.

    Case, width, accents' form, @mentions, #tags, links, emoji and punctuation do not tell texts apart. A
    script without spaces between words has one word, and so is never long enough to be compared.
    """
    found = words_of(text)
    normal = " ".join(found)
    phrases, padded = _by_first_word(excepted), f" {normal} "
    begun = [word for word in found if word in phrases]
    is_excepted = any(phrase in padded for word in begun for phrase in phrases[word])
    return Written("" if is_excepted else normal, len(found))


def words_of(text: str) -> list[str]:
    """Return the words of a text, without @mentions, #tags and links."""
    text = text[:LONGEST]
    if text.isascii():
        # As below, in a tenth of the time: most texts are.
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if any(sign in folded for sign in _OF_LINKS_AND_TAGS):
        folded = _LINKS_AND_TAGS.sub(" ", folded)
    return _WORD.findall(folded.replace("’", "'"))


@lru_cache(maxsize=1024)
def _by_first_word(excepted: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the phrases of giveaways and the excepted ones by their first word, as they are looked for."""
    found: dict[str, list[str]] = {}
    for words in map(words_of, (*PHRASES, *excepted)):
        if words:
            found.setdefault(words[0], []).append(f" {' '.join(words)} ")
    return found

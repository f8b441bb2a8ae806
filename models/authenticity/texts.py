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
    padded = f" {normal} "
    is_excepted = any(phrase in padded for phrase in _padded((*PHRASES, *excepted)))
    return Written("" if is_excepted else normal, len(found))


def words_of(text: str) -> list[str]:
    """Return the words of a text, without @mentions, #tags and links."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return _WORD.findall(_LINKS_AND_TAGS.sub(" ", folded).replace("’", "'"))


@lru_cache(maxsize=1024)
def _padded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    normal = (" ".join(words_of(phrase)) for phrase in phrases)
    return tuple(f" {phrase} " for phrase in normal if phrase)

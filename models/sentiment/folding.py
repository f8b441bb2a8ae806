"""A text as it is looked up: its first characters, without case, accents and ornaments."""

import re
import unicodedata
from html import unescape

MOST_CHARACTERS = 5000
"""How much of a text is rated."""
_MOST_LOOKED_AT = 3 * MOST_CHARACTERS
"""Accents that stand alone count, too; to arrange 32 000 of them takes the better part of a second."""

# Accents, variation selectors, joiners, skin tones, and what is there without being seen.
_DROPPED = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff\U0001f3fb-\U0001f3ff]+")
_APOSTROPHES = re.compile("[\u2018\u2019\u00b4`\u02bc\u02b9]")
_JOINED = (("œ", "oe"), ("æ", "ae"), ("ø", "o"), ("ł", "l"), ("ı", "i"), ("™", ""), ("©", ""), ("®", ""))


_MONEY = re.compile(r"[$€£](?=\s?\d)|(?<=\d)[$€£]|(?<=\d )[$€£]")
_CURRENCIES = {"$": " dollars ", "€": " euros ", "£": " pounds "}


def composed(text: str) -> str:
    """Return the part of a text that is rated, the same whether its accents stand alone (NFD) or not (NFC).

    Some platforms send `&#39;` for an apostrophe.
    """
    if "&" in text:
        text = unescape(text)
    return unicodedata.normalize("NFC", text[:_MOST_LOOKED_AT])[:MOST_CHARACTERS]


def folded(text: str) -> str:
    """Return a composed text in lower case, in plain letters: `J’ADORE ça, 9€` is `j'adore ca, 9 euros `."""
    text = _MONEY.sub(lambda sign: _CURRENCIES[sign[0]], text)
    if text.isascii():
        return text.replace("`", "'").lower()
    text = _APOSTROPHES.sub("'", text).casefold()
    for letters, plain in _JOINED:
        text = text.replace(letters, plain)
    return _DROPPED.sub("", unicodedata.normalize("NFKD", text)).casefold()

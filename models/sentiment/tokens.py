"""A folded text in sentences of words: mentions, tags and links left out."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from models.sentiment.elongation import Shortening

_EMOJI = (
    "\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\U0001f000-\U0001faff"
)
# It begins with a set of characters: so the search skips to them, and takes a third of the time.
_ADDRESSED = re.compile(r"[hw@#](?:(?<=h)ttps?://\S+|(?<=w)ww\.\S+|(?<=[@#])\w[\w.]*)")
_ELISION = r"(?:jusqu|lorsqu|puisqu|quoiqu|qu|[cdjlmnst])'(?=\w)"
_WORD = r"\d+(?:[.,/]\d+)+|[^\W_]+(?:'[^\W_]+)*"
_ENDS = frozenset("!?.;\n")
_PAUSES = frozenset(',:()[]"«»“”„¿¡–—')
_QUOTES = frozenset("\"«»“”„'")
_MOST_QUOTED = 2
"""How many words are quoted at most to be doubted: your "premium" service."""
_PICTURE = re.compile(f"[{_EMOJI}]")


@dataclass(slots=True)
class Sentence:
    """The words of a sentence, emoji and question marks among them.

    `pauses` holds before which of them is a pause, `quoted` which of them stand in quotation marks with at
    most one other.
    """

    words: list[str] = field(default_factory=list)
    pauses: set[int] = field(default_factory=set)
    quoted: set[int] = field(default_factory=set)
    _opened: int | None = None

    def quote(self) -> None:
        """Begin or end a quotation."""
        end = len(self.words)
        if self._opened is not None and 0 < end - self._opened <= _MOST_QUOTED:
            self.quoted.update(range(self._opened, end))
            self._opened = None
        else:
            self._opened = end


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a text consists of but mentions, tags and links, and whether there were any of these."""

    sentences: list[Sentence]
    word_count: int
    is_addressed: bool

    def has_signs(self) -> bool:
        """Return whether there are emoji, emoticons or question marks."""
        return any(not is_word(word) for word in self.all())

    def all(self) -> list[str]:
        """Return all words and signs in their order."""
        return [word for sentence in self.sentences for word in sentence.words]


def is_word(token: str) -> bool:
    """Return whether a token is a word or number, and no emoji, emoticon or question mark."""
    return token[0].isalnum()


class Scanner:
    """Splits folded texts, knowing the emoticons and words of the lexicon."""

    def __init__(self, emoticons: Iterable[str], known: Collection[str]) -> None:
        self._emoticons = frozenset(emoticons)
        longest_first = sorted(self._emoticons, key=lambda one: (-len(one), one))
        signs = "|".join(map(_emoticon_pattern, longest_first)) or "(?!)"
        begin = "".join(map(re.escape, sorted({one[0] for one in longest_first} or "(")))
        self._token = re.compile(rf"{_ELISION}|{_WORD}|(?=[{begin}])(?:{signs})|[^\w\s]|\n")
        self._known = known
        self._shortened = Shortening(known).shortened

    def scan(self, text: str) -> Tokens:
        """Split a folded text into sentences."""
        text, addressed = _ADDRESSED.subn(",", text)
        sentences = [Sentence()]
        word_count = 0
        for token in self._token.findall(text):
            if token[0].isalnum():
                word = token.replace("'", "") if "'" in token else token
                sentences[-1].words.append(word if word in self._known else self._shortened(word))
                word_count += word.isalpha()
            elif token not in _ENDS:
                self._add_sign(sentences[-1], token)
            else:
                _end(sentences, token)
        return Tokens(sentences, word_count, addressed > 0)

    def _add_sign(self, sentence: Sentence, token: str) -> None:
        while len(token) > 1 and token not in self._emoticons:
            token = token[:-1]
        if len(token) > 1 or _PICTURE.match(token):
            sentence.pauses.update((len(sentence.words), len(sentence.words) + 1))
            sentence.words.append(token)
            return
        if token in _QUOTES:
            sentence.quote()
        if token in _PAUSES:
            sentence.pauses.add(len(sentence.words))


def _emoticon_pattern(emoticon: str) -> str:
    """Match an emoticon, its mouth drawn out: `:)))`; a letter in it does not begin a word."""
    drawn_out = rf"{re.escape(emoticon)}{re.escape(emoticon[-1])}*"
    return drawn_out + (r"(?!\w)" if emoticon[-1].isalnum() else "")


def _end(sentences: list[Sentence], sign: str) -> None:
    """End a sentence; a question mark belongs to it also where it stands behind another sign."""
    if sign == "?":
        asked = sentences[-1] if sentences[-1].words or len(sentences) == 1 else sentences[-2]
        if asked.words[-1:] != [sign]:
            asked.words.append(sign)
    if sentences[-1].words:
        sentences.append(Sentence())

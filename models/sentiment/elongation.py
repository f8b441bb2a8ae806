"""Words that are drawn out (`sooo`, `cooool`, `cutee`), as the lexicon knows them."""

import re
from collections.abc import Collection

_RUN = re.compile(r"(\w)\1\1+")
_REPEATED = re.compile(r"(\w)\1+")
_SHORTEST_DOUBLED = 4


class Shortening:
    """Shortens words to those of a lexicon."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._by_letters = {_REPEATED.sub(r"\1", word): word for word in sorted(known)}

    def shortened(self, word: str) -> str:
        """Return the known word that an unknown one draws out; `haaa`, which none does, becomes `haa`."""
        if word.isdigit():
            return word
        if _RUN.search(word):
            return self._without_runs(word)
        if len(word) >= _SHORTEST_DOUBLED and word[-1] == word[-2] and word[:-1] in self._known:
            return word[:-1]
        return word

    def _without_runs(self, word: str) -> str:
        doubled = _RUN.sub(r"\1\1", word)
        for candidate in (doubled, _RUN.sub(r"\1", word)):
            if candidate in self._known:
                return candidate
        return self._by_letters.get(_REPEATED.sub(r"\1", word), doubled)

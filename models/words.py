"""What is said in English and in French."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Words(NamedTuple):
    """One word or sentence in both languages."""

    english: str
    french: str

    def said(self, language: Language) -> str:
        """Return the text in a language."""
        return self.english if language == "en" else self.french


def listed(items: Sequence[str], joint: str) -> str:
    """Join items as a sentence does: `a, b and c`."""
    *others, last = items
    return f"{', '.join(others)} {joint} {last}" if others else last

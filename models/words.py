"""What is said in English and in French."""

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

"""What a text is rated as, and what rates it."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Verdict = Literal["positive", "neutral", "negative", "unrated"]


@dataclass(frozen=True, slots=True)
class Rating:
    """A verdict, and how it came about.

    `because` holds what decided it, in the order of the text: entries of the lexicon, each with the strength
    that it has there (negation and degree reckoned in). Where the lexicon is silent, it holds phrases, the
    weightiest first, each with `learned: ` before it and what it added. It tells what the text says, so it
    belongs in no log, metric or table. `language` is the one that was read: en, fr or es; None for emoji
    alone and for what is unrated.
    """

    verdict: Verdict
    because: tuple[tuple[str, float], ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words and phrases that mean something particular in a campaign, and win over every lexicon."""

    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()


@runtime_checkable
class Rater(Protocol):
    """Rates texts; its version changes whenever a text may be rated otherwise than before."""

    @property
    def version(self) -> str:
        """Name the model and its version, which is kept with what was rated."""

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate a text; a language (BCP 47) that is not given is found from the text.

        Whatever the text, nothing is raised: what cannot be told is unrated.
        """

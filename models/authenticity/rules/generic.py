"""A text that says next to nothing: a word of praise, emoji alone."""

from typing import Literal

from models.authenticity.columns import Mask, Measured
from models.authenticity.rule import Rule, RuleSettings, whole
from models.words import Words


class Generic(RuleSettings):
    """Never more than reported: most comments of people are like this."""

    use: Literal["report", "off"] = "report"
    words: whole(0, 100) = 2  # type: ignore[valid-type]


def hits(measured: Measured, by: Generic) -> Mask:
    """Mark texts of so few words."""
    found: Mask = (measured.words >= 0) & (measured.words <= by.words)
    return found


RULE = Rule(
    reason="generic",
    sees=Words(
        "a text of two words at most, @mentions, #tags, links and emoji aside; reported alone, always",
        "un texte de deux mots au plus, hors @mentions, #mots-dièse, liens et émojis ; signalé seulement",
    ),
    evidence="weak: agencies' checklists for buyers of influencer marketing",
    needs="text",
    false_alarm=0.1,
    hits=hits,
)

"""Several persons wrote the same."""

from typing import Annotated

from pydantic import Field

from models.authenticity.columns import Mask, Measured
from models.authenticity.limits import WRITERS
from models.authenticity.rule import Rule, RuleSettings, whole
from models.words import Words

Phrase = Annotated[str, Field(min_length=1, max_length=200)]


class CopiedText(RuleSettings):
    """From how many persons on a text is copied, from how many words on, and which phrases everybody uses."""

    persons: whole(2, WRITERS) = 3  # type: ignore[valid-type]
    words: whole(1, 100) = 4  # type: ignore[valid-type]
    excepted: Annotated[tuple[Phrase, ...], Field(alias="except", max_length=100)] = ()


def hits(measured: Measured, by: CopiedText) -> Mask:
    """Mark texts that so many persons wrote within 24 hours; the first of them stay."""
    found: Mask = measured.writers >= by.persons
    return found


RULE = Rule(
    reason="copied_text",
    sees=Words(
        "the same text of four words or more, @mentions, #tags and links aside, from a third person within "
        "24 hours; those of the first two stay organic, and so do the phrases of giveaways",
        "le même texte de quatre mots ou plus, hors @mentions, #mots-dièse et liens, d'une troisième "
        "personne en 24 heures ; ceux des deux premières restent organiques, comme les phrases de jeux",
    ),
    evidence="Pacheco and others 2021 (ICWSM); arXiv 2005.06243: similar comments of collusive accounts",
    needs="person, text",
    false_alarm=0.02,
    hits=hits,
)

"""The same group comments early on everything that an influencer publishes."""

from models.authenticity.columns import Mask, Measured
from models.authenticity.limits import MASK
from models.authenticity.rule import Rule, RuleSettings, Share, Use, whole
from models.words import Words


class Pod(RuleSettings):
    """Reported alone unless a campaign decides otherwise: true fans do the same."""

    use: Use = "report"
    persons: whole(2, 1_000) = 10  # type: ignore[valid-type]
    contents: whole(2, MASK) = 5  # type: ignore[valid-type]
    share: Share = 0.8


def hits(measured: Measured, by: Pod) -> Mask:
    """Mark early comments of a regular from so many regulars of a content on."""
    found: Mask = measured.regulars >= by.persons
    return found


RULE = Rule(
    reason="pod",
    sees=Words(
        "a comment within 15 minutes of a content's first interaction, by a person who did so on 80 % of the "
        "influencer's contents and on five at least, from the tenth such person on; reported alone",
        "un commentaire dans les 15 minutes de la première interaction d'un contenu, d'une personne qui l'a "
        "fait sur 80 % des contenus de l'influenceur et sur cinq au moins, à partir de la dixième ; signalé",
    ),
    evidence="Weerasinghe and others 2020 (The Pod People, WWW): style and timing of comments",
    needs="person, content, influencer, time",
    false_alarm=0.002,
    hits=hits,
)

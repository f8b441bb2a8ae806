"""A person acts who was shown nothing."""

from models.authenticity.columns import Mask, Measured
from models.authenticity.rule import Rule, RuleSettings, Share, Use
from models.words import Words


class NoExposure(RuleSettings):
    """Off unless a campaign knows that its impressions and engagements name persons alike."""

    use: Use = "off"
    identified: Share = 0.9


def hits(measured: Measured, _: NoExposure) -> Mask:
    """Mark persons without an impression; where too few impressions carry persons nobody was looked up."""
    found: Mask = measured.unexposed != 0
    return found


RULE = Rule(
    reason="no_exposure",
    sees=Words(
        "a person of whom no impression is known, where nine of ten impressions carry persons, and one as "
        "late as the interaction has come; off by default",
        "une personne dont aucune exposition n'est connue, si neuf expositions sur dix portent une personne "
        "et qu'une aussi tardive que l'interaction est arrivée ; désactivé par défaut",
    ),
    evidence="none found in public: that an interaction follows an impression is how campaigns are counted",
    needs="person, on impressions too",
    false_alarm=0.1,
    hits=hits,
)

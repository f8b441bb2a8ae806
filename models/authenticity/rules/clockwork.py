"""One person acts at intervals as even as a clock's."""

from models.authenticity.columns import Mask, Measured
from models.authenticity.rule import Rule, RuleSettings, Share
from models.words import Words


class Clockwork(RuleSettings):
    """How uneven the intervals of people are at least: standard deviation by mean."""

    variation: Share = 0.3


def hits(measured: Measured, by: Clockwork) -> Mask:
    """Mark what follows fifteen intervals that are more even."""
    found: Mask = measured.variations < by.variation
    return found


RULE = Rule(
    reason="clockwork",
    sees=Words(
        "the last 15 intervals between the interactions of one person, all within a day, vary by less than "
        "30 % of their mean, from the sixteenth interaction on, which is among these; replies and live "
        "chats are not counted",
        "les 15 derniers intervalles entre les interactions d'une personne, en un jour, varient de moins de "
        "30 % de leur moyenne, à partir de la seizième ; réponses et chats en direct non comptés",
    ),
    evidence="MRC: activity-based filtration, at precise intervals; arXiv 2005.06243: times of comments",
    needs="person, time",
    false_alarm=0.0001,
    hits=hits,
)

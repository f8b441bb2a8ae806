"""The same few persons come to many contents at the same time."""

from models.authenticity.columns import Mask, Measured
from models.authenticity.limits import VISITS
from models.authenticity.rule import Rule, RuleSettings, whole
from models.words import Words


class Lockstep(RuleSettings):
    """With how many others, on how many contents."""

    contents: whole(2, VISITS) = 5  # type: ignore[valid-type]
    partners: whole(1, 10) = 2  # type: ignore[valid-type]


def hits(measured: Measured, by: Lockstep) -> Mask:
    """Mark what was done in the company of so many."""
    found: Mask = measured.partners >= by.partners
    return found


RULE = Rule(
    reason="lockstep",
    sees=Words(
        "within a minute of two others or more, each of whom did the same on five contents or more; where "
        "sixteen come within a minute nobody is told",
        "à moins d'une minute d'au moins deux autres, dont chacune a fait de même sur cinq contenus ou "
        "plus ; là où seize viennent dans la minute, rien n'est dit",
    ),
    evidence="Beutel and others 2013 (CopyCatch, WWW); arXiv 1512.05457 (LEAS), 2305.07384: likes",
    needs="person, content, time",
    false_alarm=0.0001,
    hits=hits,
)

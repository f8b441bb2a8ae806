"""One person does more in a moment, or in an hour, than people do."""

from models.authenticity.columns import Mask, Measured
from models.authenticity.limits import TIMES
from models.authenticity.rule import Rule, RuleSettings, whole
from models.words import Words


class Burst(RuleSettings):
    """How many interactions of a person are still a person's."""

    in_10_seconds: whole(1, TIMES - 1) = 8  # type: ignore[valid-type]
    in_1_hour: whole(1, 100_000) = 60  # type: ignore[valid-type]


def hits(measured: Measured, by: Burst) -> Mask:
    """Mark what is beyond either limit; those before it stay."""
    found: Mask = (measured.close > by.in_10_seconds) | (measured.hourly > by.in_1_hour)
    return found


RULE = Rule(
    reason="burst",
    sees=Words(
        "more than 8 interactions of one person within 10 seconds, or more than 60 within an hour, from the "
        "ninth or sixty-first on; replies and live chats are not counted",
        "plus de 8 interactions d'une personne en 10 secondes, ou plus de 60 en une heure, à partir de la "
        "neuvième ou de la soixante-et-unième ; réponses et chats en direct non comptés",
    ),
    evidence="MRC Invalid Traffic Detection and Filtration: activity-based filtration, too many and too fast",
    needs="person, time",
    false_alarm=0.005,
    hits=hits,
)

"""Every rule, in the order in which they are asked: an interaction has the first reason that hits."""

from models.authenticity.rule import Rule
from models.authenticity.rules import (
    agent,
    burst,
    clockwork,
    copied_text,
    generic,
    lockstep,
    no_exposure,
    pod,
)
from models.kinds import REASONS, names

RULES: tuple[Rule, ...] = (
    agent.RULE,
    burst.RULE,
    clockwork.RULE,
    copied_text.RULE,
    lockstep.RULE,
    no_exposure.RULE,
    pod.RULE,
    generic.RULE,
)
NO_REASON = 0
NUMBER: dict[str, int] = {reason: number for number, reason in enumerate(names(REASONS), 1)}
"""The number of each reason; NO_REASON is none's."""


def reason_of(number: int) -> str | None:
    """Return the reason with a number; None for NO_REASON."""
    return REASONS[number - 1].name if number else None

"""The program that did it names itself, and is none that people use."""

from models.authenticity.columns import OF_A_MACHINE, Mask, Measured
from models.authenticity.rule import Rule, RuleSettings
from models.words import Words


class Agent(RuleSettings):
    """Nothing to set but whether it is used."""


def hits(measured: Measured, _: Agent) -> Mask:
    """Mark what a machine's agent did."""
    found: Mask = measured.agents == OF_A_MACHINE
    return found


RULE = Rule(
    reason="agent",
    sees=Words(
        "its agent is listed as a machine's; apps, link previews and producers' own servers are excepted",
        "son agent figure sur la liste des machines ; applications, aperçus de liens et serveurs exceptés",
    ),
    evidence="crawler-user-agents; MRC Invalid Traffic Detection and Filtration: known robots",
    needs="agent",
    false_alarm=None,
    hits=hits,
)

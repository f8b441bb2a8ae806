"""By which rules a campaign's interactions are judged: the defaults of docs/authenticity.md, and its own."""

from collections.abc import Mapping
from typing import Any

Rule = dict[str, Any]
Rules = dict[str, Rule]
DEFAULTS: Rules = {
    "burst": {"use": "on", "in_10_seconds": 8, "in_1_hour": 60},
    "clockwork": {"use": "on", "variation": 0.3},
    "copied_text": {"use": "on", "persons": 3, "words": 4, "except": ()},
    "lockstep": {"use": "on", "contents": 5, "partners": 2},
    "pod": {"use": "report", "persons": 10, "contents": 5, "share": 0.8},
    "generic": {"use": "report", "words": 2},
}
"""Without those that need impressions, or agents of machines."""


def rules_of(raw: Mapping[str, Any]) -> Rules:
    """Read what a campaign sets, `burst: off` for `burst: {use: off}`."""
    own = {rule: by if isinstance(by, dict) else {"use": by} for rule, by in raw.items()}
    return {rule: usual | own.get(rule, {}) for rule, usual in DEFAULTS.items()}

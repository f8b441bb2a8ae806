"""What a rule is: all that is said of it in one entry, and how a campaign may set it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.authenticity.columns import Mask, Measured
from models.words import Words

Use = Literal["on", "report", "off"]
"""Whether a rule lowers authenticity, is only reported, or does not look."""
Share = Annotated[float, Field(strict=True, gt=0, le=1)]


def whole(least: int, most: int) -> Any:
    """Return the type of a whole number within limits."""
    return Annotated[int, Field(strict=True, ge=least, le=most)]


class RuleSettings(BaseModel):
    """How a campaign uses a rule: `burst: off` is short for `burst: {use: off}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: Use = "on"

    @model_validator(mode="before")
    @classmethod
    def _spelt_out(cls, value: object) -> object:
        if isinstance(value, bool):
            # YAML 1.1, and whoever writes JSON, takes `off` for a boolean.
            return {"use": "on" if value else "off"}
        return {"use": value} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What finds one reason (of models.kinds.REASONS) to take an interaction for suspicious.

    `evidence` are public sources. `needs` names what an interaction must carry. `false_alarm` is the share
    of honest interactions that it accuses at most in simulations.authenticity, with the defaults; None where
    that has no such case. `hits` marks lines by what was measured of them and the rule's settings.
    """

    reason: str
    sees: Words
    evidence: str
    needs: str
    false_alarm: float | None
    hits: Callable[[Measured, Any], Mask]

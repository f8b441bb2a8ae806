"""What a campaign may set: each rule's use and thresholds, and where live chats are."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from models.authenticity.rule import RuleSettings
from models.authenticity.rules.agent import Agent
from models.authenticity.rules.burst import Burst
from models.authenticity.rules.clockwork import Clockwork
from models.authenticity.rules.copied_text import CopiedText
from models.authenticity.rules.generic import Generic
from models.authenticity.rules.lockstep import Lockstep
from models.authenticity.rules.no_exposure import NoExposure
from models.authenticity.rules.pod import Pod
from models.authenticity.rules.ratio import Ratio

Place = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$", to_lower=True)]
"""The name of a channel or format."""


class Authenticity(BaseModel):
    """The rules by their reasons. `live` names the channels and formats whose interactions are live chats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    live: tuple[Place, ...] = ("live",)
    agent: Agent = Agent()
    burst: Burst = Burst()
    clockwork: Clockwork = Clockwork()
    copied_text: CopiedText = CopiedText()
    lockstep: Lockstep = Lockstep()
    no_exposure: NoExposure = NoExposure()
    pod: Pod = Pod()
    generic: Generic = Generic()
    ratio: Ratio = Ratio()

    @field_validator("live", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    def of(self, reason: str) -> RuleSettings:
        """Return how a rule is set."""
        found: RuleSettings = getattr(self, reason)
        return found

    def looks(self, *reasons: str) -> bool:
        """Return whether any of these rules looks at all."""
        return any(self.of(reason).use != "off" for reason in reasons)

    def without(self, reason: str) -> "Authenticity":
        """Return the same with a rule that does not look."""
        return self.model_copy(update={reason: self.of(reason).model_copy(update={"use": "off"})})

    def is_live(self, channel: str, kind: str) -> bool:
        """Return whether what is done on a channel, in a format, is done in a live chat."""
        return channel in self.live or kind in self.live


RULE_MODELS: dict[str, type[RuleSettings]] = {
    name: type(usual) for name, usual in Authenticity() if isinstance(usual, RuleSettings)
}
"""What may be set of each rule, by its name."""

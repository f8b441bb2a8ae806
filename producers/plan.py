"""What is planted among a campaign's interactions, as a YAML file says: how much of each kind."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from models.campaigns.campaign import Campaign
from models.campaigns.checked_yaml import ANY, Models, line_of, lines_of, mistakes_of, read_text
from models.campaigns.wording import suggestion
from models.campaigns.yaml_data import Mistake, YamlDocument, YamlError
from producers.cast import influencers_of
from producers.groups import SIZES

_MOST = 0.95
Share = Annotated[float, Field(strict=True, ge=0, le=_MOST)]


class PlanError(Exception):
    """What is to be planted is not valid; the message has a line for each problem."""


class Plan(BaseModel):
    """How much of each kind is planted, as shares of the interactions that come one by one.

    Of those with the contents of `influencers`, or of all the campaign's where nobody is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    influencers: tuple[str, ...] = ()
    burst: Share = 0.0
    clockwork: Share = 0.0
    copied_text: Share = 0.0
    lockstep: Share = 0.0
    pod: Share = 0.0
    no_exposure: Share = 0.0
    giveaway: Share = 0.0

    @model_validator(mode="after")
    def _leaves_some(self) -> "Plan":
        if self.total > _MOST:
            raise ValueError(f"plants more than {_MOST} in all")
        return self

    @property
    def total(self) -> float:
        """The share of all that is planted."""
        return sum(self.shares().values())

    def shares(self) -> dict[str, float]:
        """Return what is planted by kind."""
        return {kind: getattr(self, kind) for kind in SIZES}


NOTHING: Mapping[str, Plan] = {}
_PLANS = TypeAdapter(dict[str, Plan])
_MODELS: Models = {(ANY,): Plan}


def demo_plans() -> str:
    """Return the file of what is planted in the demo's campaigns."""
    return str(files("producers").joinpath("planted.yaml").read_text("utf-8"))


def read_plans(
    name: str, content: str | bytes, campaigns: Mapping[str, Campaign] | None = None
) -> dict[str, Plan]:
    """Read what is planted by campaign.

    Raises:
        PlanError: the file is not valid, or names a campaign or influencer that is not among `campaigns`.

    """
    try:
        document = read_text(content)
    except YamlError as error:
        raise PlanError(line_of(name, Mistake(error.position, (), error.rule))) from None
    try:
        plans = _PLANS.validate_python({} if document.data is None else document.data)
    except ValidationError as error:
        mistakes = mistakes_of(error, document, _MODELS)
        raise PlanError("\n".join(lines_of(name, mistakes + document.mistakes))) from None
    mistakes = document.mistakes + ([] if campaigns is None else _unknown(plans, campaigns, document))
    if mistakes:
        raise PlanError("\n".join(lines_of(name, mistakes)))
    return plans


def _unknown(
    plans: Mapping[str, Plan], campaigns: Mapping[str, Campaign], document: YamlDocument
) -> list[Mistake]:
    found = []
    for campaign, plan in plans.items():
        if campaign not in campaigns:
            rule = f"no such campaign{suggestion(campaign, campaigns)}"
            found.append(Mistake(document.keys[campaign,], (campaign,), rule))
            continue
        known = influencers_of(campaigns[campaign])
        for number, influencer in enumerate(plan.influencers):
            if influencer not in known:
                path = (campaign, "influencers", number)
                rule = f"no influencer of the campaign{suggestion(influencer, known)}"
                found.append(Mistake(document.position_of(path), path, rule))
    return found

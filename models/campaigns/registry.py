"""What workers know of campaigns: those that count, and what of the registry this release cannot read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from models.campaigns.campaign import Campaign, CurrencyRates, EmvCard

EntryKind = Literal["campaigns", "emv_cards", "currency_rates"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry of the registry that this release cannot read: where in it, and the rule that it breaks.

    `name` is the campaign's id or the card's name; the currency rates have none.
    """

    kind: EntryKind
    name: str
    path: str
    rule: str

    @property
    def entry(self) -> str:
        """The entry's name in metrics and messages."""
        return f"{self.kind}.{self.name}" if self.name else self.kind

    @property
    def remedy(self) -> str:
        """What makes it readable."""
        again = "apply the file that declares it again"
        return f"{again}, or `kpis campaigns delete {self.name}`" if self.kind == "campaigns" else again

    def __str__(self) -> str:
        return f"{'.'.join(filter(None, (self.entry, self.path)))}: {self.rule}"


class Registry(BaseModel):
    """What workers know of campaigns, at one version.

    `campaigns` are those that count. Of the `hidden` ones only what counting needs can be read, so that they
    are not shown. A card that is None is registered, and cannot be read. `targets_since` marks targets that
    are not the first of their campaign.
    """

    model_config = ConfigDict(frozen=True)

    version: int = 0
    currency_rates: CurrencyRates | None = None
    emv_cards: Mapping[str, EmvCard | None] = {}
    campaigns: dict[str, Campaign] = {}
    targets_since: Mapping[str, int] = {}
    unreadable: tuple[Unreadable, ...] = ()
    hidden: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _by_id(self) -> "Registry":
        for key, campaign in self.campaigns.items():
            if key != campaign.id:
                raise ValueError(f"campaigns.{key}: has the id {campaign.id}")
        return self

    def shows(self, campaign: str, now: int) -> bool:
        """Return whether a campaign is on /metrics at `now` (microseconds)."""
        known = self.campaigns.get(campaign)
        return known is not None and campaign not in self.hidden and known.shown(now)

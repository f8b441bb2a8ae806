"""What the collector keeps to itself: the keys of click ids, and the secrets of those who send to it."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from models.campaigns.fields import Identifier
from producers.collector.signatures import is_one_of

ShopKind = Literal["shopify", "stripe", "woocommerce"]

_SHORTEST, _LONGEST = 16, 512


def _long(secret: SecretStr) -> SecretStr:
    if not _SHORTEST <= len(secret) <= _LONGEST:
        raise ValueError(f"must have {_SHORTEST} to {_LONGEST} characters")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_long)]
OneOrTwo = Annotated[tuple[Secret, ...], Field(min_length=1, max_length=2)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,255}$", to_lower=True)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ClickKeys(_Part):
    """The key that signs click ids, and the one before it, which still opens those that are out."""

    current: Secret
    former: Secret | None = None

    @property
    def all(self) -> tuple[SecretStr, ...]:
        """List them, the current one first."""
        return (self.current,) if self.former is None else (self.current, self.former)


class _Sender(_Part):
    secrets: OneOrTwo
    campaigns: frozenset[Identifier] | None = None


class ApiKey(_Sender):
    """A key of the batch endpoints; None: any campaign, any rate."""

    events_per_second: Annotated[float, Field(gt=0)] | None = None


class PostbackSource(_Sender):
    """Who may report orders by a postback, and how it proves who it is."""

    proof: Literal["signature", "token"] = "signature"


class Hook(_Sender):
    """A shop; what nothing attributes counts for its `campaign` and `influencer`, where it names them."""

    kind: ShopKind
    campaign: Identifier | None = None
    influencer: Identifier | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Hook":
        if self.influencer is not None and self.campaign is None:
            raise ValueError("influencer needs campaign: whose is the order that nothing attributes?")
        if self.campaigns is not None and self.campaign is not None and self.campaign not in self.campaigns:
            raise ValueError("campaign must be one of campaigns")
        return self

    @property
    def served(self) -> frozenset[str] | None:
        """The campaigns whose orders it may bring; None: any."""
        return frozenset((self.campaign,)) if self.campaign and not self.campaigns else self.campaigns


class Secrets(_Part):
    """All that the collector must keep to itself."""

    click_keys: ClickKeys
    person_salt: Secret
    api_keys: dict[Name, ApiKey] = {}
    postbacks: dict[Name, PostbackSource] = {}
    hooks: dict[Name, Hook] = {}
    allowed_origins: frozenset[Origin] = frozenset()
    unsigned_postbacks: bool = False

    @model_validator(mode="after")
    def _told_apart(self) -> "Secrets":
        owner: dict[str, str] = {}
        for name, key in self.api_keys.items():
            for secret in key.secrets:
                if owner.setdefault(secret.get_secret_value(), name) != name:
                    raise ValueError(
                        f"api_keys.{name} has a secret of api_keys.{owner[secret.get_secret_value()]}"
                    )
        return self

    def api_key(self, given: str) -> tuple[str, ApiKey] | None:
        """Return the key that a secret belongs to, and its name; the time tells nothing of how much fits."""
        fits = [(name, key) for name, key in self.api_keys.items() if is_one_of(key.secrets, given)]
        return fits[0] if fits else None

    def doubts(self) -> list[str]:
        """Say what is allowed and hardly meant."""
        return [
            f"hooks.{name}: its refunds name no campaign and are counted for none: list its campaigns"
            for name, hook in self.hooks.items()
            if hook.kind != "woocommerce" and hook.served is None
        ]

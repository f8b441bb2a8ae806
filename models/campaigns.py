"""Campaigns as their managers declare them: flights, costs, cards, thresholds."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models.times import DAY, format_time, parse_duration, parse_time

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Amount = Annotated[float, Field(strict=True, ge=0, le=1e12, allow_inf_nan=False)]
Score = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
Status = Literal["scheduled", "running", "grace", "ended"]
ThresholdKpi = Literal["cpa", "engagement", "ctr", "roi", "sentiment"]


def _time(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 time with zone, such as 2026-11-01T12:00:00Z")
    return parse_time(value)


def _duration(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("must be a whole number and a unit (s, m, h, d, w), such as 7d")
    return parse_duration(value)


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


Time = Annotated[int, BeforeValidator(_time)]
Duration = Annotated[int, BeforeValidator(_duration)]
Choices = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class CurrencyRates(_Declared):
    """How many units of each currency one unit of the base buys, on a date."""

    date: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    base: Currency
    rates: dict[Currency, Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]]


class EmvCard(_Declared):
    """What an action is worth by channel; `impression` per 1000, all others per unit."""

    currency: Currency
    channels: dict[str, dict[str, Amount]]


class Cost(_Declared):
    """What an influencer (or one content of theirs) costs: any mix of fees and rates."""

    influencer: Identifier
    content: Identifier | None = None
    flat_fee: Amount = 0.0
    spend: Amount = 0.0
    from_: Time | None = Field(None, alias="from")
    to: Time | None = None
    cpm: Amount = 0.0
    cpc: Amount = 0.0
    cpa: Amount = 0.0
    revenue_share: Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)] = 0.0

    @model_validator(mode="after")
    def _dated(self) -> "Cost":
        if "spend" in self.model_fields_set and (self.from_ is None or self.to is None):
            raise ValueError("spend needs from and to")
        if self.from_ is not None and self.to is not None and self.to <= self.from_:
            raise ValueError("to must be later than from")
        return self


class Target(_Declared):
    """The audience that a campaign wants: its size and the predicate on `audience`."""

    size: Annotated[int, Field(strict=True, ge=1)]
    audience: dict[Literal["country", "language", "age_band", "gender", "interests"], Choices]


class Values(_Declared):
    """The brand values' scorecard: weights by value, scores (0–100) by influencer."""

    weights: dict[str, Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]]
    scored_on: str = Field(pattern=r"^\d{4}-\d\d-\d\d$")
    scores: dict[Identifier, dict[str, Score]]


class Thresholds(_Declared):
    """The limits that alerts compare with."""

    cpa_max: Amount | None = None
    engagement_min: Amount | None = None
    ctr_min: Amount | None = None
    roi_min: float | None = Field(None, allow_inf_nan=False)
    sentiment_min: Annotated[float, Field(strict=True, ge=-1, le=1)] | None = None


class MinSample(_Declared):
    """The smallest samples (conversions, conversions, reach, impressions, rated) that alerts trust."""

    roi: Annotated[int, Field(strict=True, ge=0)] = 20
    cpa: Annotated[int, Field(strict=True, ge=0)] = 0
    engagement: Annotated[int, Field(strict=True, ge=0)] = 0
    ctr: Annotated[int, Field(strict=True, ge=0)] = 0
    sentiment: Annotated[int, Field(strict=True, ge=0)] = 30


class Campaign(_Declared):
    """One campaign of the registry. Times and durations are microseconds."""

    id: Identifier
    name: Annotated[str, Field(min_length=1, max_length=200)]
    starts: Time
    ends: Time
    time_zone: str = "UTC"
    owner: str | None = Field(None, max_length=200)
    currency: Currency
    budget: Annotated[float, Field(strict=True, gt=0, le=1e12, allow_inf_nan=False)] | None = None
    grace: Duration = 7 * DAY
    adjustments_until: Duration = 45 * DAY
    influencers: Annotated[frozenset[Identifier], BeforeValidator(_listed)] | None = None
    costs: tuple[Cost, ...] = ()
    target: Target | None = None
    emv_card: str = "default"
    values: Values | None = None
    thresholds: Thresholds = Thresholds()
    min_sample: MinSample = MinSample()

    @model_validator(mode="after")
    def _flight(self) -> "Campaign":
        if self.ends <= self.starts:
            raise ValueError(f"ends must be later than starts ({format_time(self.starts)})")
        return self

    def status(self, now: int) -> Status:
        """Tell where in its life the campaign is."""
        if now < self.starts:
            return "scheduled"
        if now < self.ends:
            return "running"
        return "grace" if now < self.ends + self.grace else "ended"

    def shown(self, now: int) -> bool:
        """Tell whether the campaign is on /metrics: until 24 h after its grace."""
        return now < self.ends + self.grace + DAY


class Declaration(_Declared):
    """A campaign file's content."""

    currency_rates: CurrencyRates | None = None
    emv_cards: dict[Annotated[str, Field(min_length=1, max_length=64)], EmvCard] = {}
    campaigns: tuple[Campaign, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> "Declaration":
        ids = [campaign.id for campaign in self.campaigns]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"campaign ids must differ; twice or more: {', '.join(twice)}")
        return self


class Registry(BaseModel):
    """Everything that the workers know of campaigns, at one version."""

    model_config = ConfigDict(frozen=True)

    version: int = 0
    currency_rates: CurrencyRates | None = None
    emv_cards: dict[str, EmvCard] = {}
    campaigns: dict[str, Campaign] = {}

"""Campaigns as their managers declare them: flights, costs, cards, thresholds."""

import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from models.authenticity.settings import Authenticity
from models.campaigns.fields import (
    LARGEST,
    Amount,
    AudienceField,
    Channel,
    Choices,
    Currency,
    Date,
    Duration,
    EmvAction,
    Goals,
    Identifier,
    Influencers,
    Name,
    Number,
    Phrases,
    Positive,
    Score,
    Share,
    Time,
    WebAddress,
    Whole,
)
from models.kpis.catalogue import THRESHOLDS
from models.kpis.kpi import Threshold
from models.scopes import ABSENT, Leaf
from models.times import DAY, format_time, moment

Status = Literal["scheduled", "running", "grace", "ended"]

BUILT_IN_CARD_NAME = "default"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def in_zone(time: int, zone: str) -> str:
    """Write a time in RFC 3339 in a zone, to the second; in UTC where the zone does not exist."""
    try:
        there = moment(time).astimezone(ZoneInfo(zone))
    except (ValueError, OSError, KeyError, OverflowError):
        return format_time(time)
    return format_time(time) if zone == "UTC" else there.replace(microsecond=0).isoformat()


def _later_than(other: str, start: int | None, end: int | None) -> int | None:
    if start is not None and end is not None and end <= start:
        raise ValueError(f"must be later than {other}")
    return end


class CurrencyRates(_Declared):
    """How many units of each currency one unit of the base buys, on a date.

    `dates` are those of the rates that were not set on `date`.
    """

    date: Date
    base: Currency
    rates: dict[Currency, Positive]
    dates: dict[Currency, Date] = {}


class EmvCard(_Declared):
    """What an action is worth by channel; `impression` per 1000, all others per unit."""

    currency: Currency
    channels: dict[Channel, dict[EmvAction, Amount]]

    @field_validator("channels", mode="before")
    @classmethod
    def _distinct(cls, value: object) -> object:
        names = [name.lower() for name in value if isinstance(name, str)] if isinstance(value, dict) else []
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"channels are the same in any case; twice or more: {', '.join(twice)}")
        return value


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
    revenue_share: Share = 0.0

    @field_validator("to")
    @classmethod
    def _later(cls, to: int | None, info: ValidationInfo) -> int | None:
        return _later_than("from", info.data.get("from_"), to)

    @model_validator(mode="after")
    def _dated(self) -> "Cost":
        dated = self.from_ is not None and self.to is not None
        if "spend" in self.model_fields_set and not dated:
            raise ValueError("spend needs from and to")
        if "spend" not in self.model_fields_set and (self.from_ is not None or self.to is not None):
            raise ValueError(
                "from and to date a spend, which this has not; a fee accrues to the flight's end"
            )
        return self


class Link(_Declared):
    """A short link (`/c/ID`) that counts a click for its leaf and leads on."""

    id: Identifier
    influencer: Identifier
    content: Identifier
    channel: Channel
    format: Channel = ABSENT
    to: WebAddress

    def leaf(self, campaign: str) -> Leaf:
        """Return the leaf of its clicks, in the campaign that it is of."""
        return Leaf(campaign, self.influencer, self.content, self.channel, self.format)


def code_key(code: str) -> str:
    """Return what a code that somebody typed is known by: the same in any case, width and composition."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).casefold()).strip()


class Code(_Declared):
    """A promo code that attributes orders to an influencer (and content) while it is valid."""

    code: Annotated[str, Field(min_length=1, max_length=64)]
    influencer: Identifier
    content: Identifier | None = None
    from_: Time = Field(alias="from")
    to: Time | None = None

    @field_validator("to")
    @classmethod
    def _later(cls, to: int | None, info: ValidationInfo) -> int | None:
        return _later_than("from", info.data.get("from_"), to)

    @property
    def key(self) -> str:
        """What it is known by."""
        return code_key(self.code)


class Target(_Declared):
    """The audience that a campaign wants: its size and the predicate on `audience`."""

    size: Annotated[Whole, Field(ge=1)]
    audience: dict[AudienceField, Choices]


class Values(_Declared):
    """The brand values' scorecard: weights by value, scores (0–100) by influencer."""

    weights: dict[str, Positive]
    scored_on: Date
    scores: dict[Identifier, dict[str, Score]]


class Sentiment(_Declared):
    """Words and phrases that mean something particular in a campaign, and win over every lexicon."""

    positive: Phrases = ()
    negative: Phrases = ()
    neutral: Phrases = ()


class _Thresholds(_Declared):
    """The limits that alerts compare KPIs with, by the field of each threshold in the catalogue."""

    def limit(self, threshold: Threshold) -> float | None:
        """Return the limit of a threshold; None where none is declared."""
        found: float | None = getattr(self, threshold.field)
        return found


class _MinSample(_Declared):
    """The smallest samples that alerts trust, by the name of each threshold in the catalogue."""

    def least(self, threshold: Threshold) -> int:
        """Return the smallest sample of the KPI that a threshold is for."""
        found: int = getattr(self, threshold.name)
        return found


def _limit(threshold: Threshold) -> Any:
    most = LARGEST if threshold.most is None else threshold.most
    return Annotated[Number, Field(ge=threshold.least, le=most)] | None


if TYPE_CHECKING:
    Thresholds = _Thresholds
    MinSample = _MinSample
else:
    Thresholds = create_model(
        "Thresholds", __base__=_Thresholds, **{one.field: (_limit(one), None) for one in THRESHOLDS}
    )
    MinSample = create_model(
        "MinSample", __base__=_MinSample, **{one.name: (Whole, one.min_sample) for one in THRESHOLDS}
    )


class Campaign(_Declared):
    """One campaign of the registry. Times and durations are in microseconds.

    `goals` are the kinds of conversion that CPA and ROI count; None: all of them.
    """

    id: Identifier
    name: Name
    starts: Time
    ends: Time
    time_zone: str = "UTC"
    owner: Annotated[str, Field(max_length=200)] | None = None
    currency: Currency
    budget: Positive | None = None
    grace: Duration = 7 * DAY
    adjustments_until: Duration = 45 * DAY
    influencers: Influencers | None = None
    goals: Goals | None = None
    links: tuple[Link, ...] = ()
    codes: tuple[Code, ...] = ()
    costs: tuple[Cost, ...] = ()
    target: Target | None = None
    emv_card: str = BUILT_IN_CARD_NAME
    values: Values | None = None
    sentiment: Sentiment | None = None
    thresholds: Thresholds = Thresholds()
    min_sample: MinSample = MinSample()
    authenticity: Authenticity = Authenticity()

    @field_validator("ends")
    @classmethod
    def _later(cls, ends: int, info: ValidationInfo) -> int | None:
        return _later_than("starts", info.data.get("starts"), ends)

    def local(self, time: int) -> str:
        """Write a time in the campaign's zone (in UTC where that does not exist), in RFC 3339."""
        return in_zone(time, self.time_zone)

    def status(self, now: int) -> Status:
        """Return where in its life the campaign is at `now`."""
        if now < self.starts:
            return "scheduled"
        if now < self.ends:
            return "running"
        return "grace" if now < self.ends + self.grace else "ended"

    @property
    def counts_until(self) -> int:
        """When nothing of it counts any more, neither events nor what takes orders back."""
        return self.ends + max(self.grace, self.adjustments_until)

    def shown(self, now: int) -> bool:
        """Return whether the campaign is on /metrics at `now`: until 24 h after its grace."""
        return now < self.ends + self.grace + DAY


class Declaration(_Declared):
    """A campaign file's content."""

    currency_rates: CurrencyRates | None = None
    emv_cards: dict[Annotated[str, Field(min_length=1, max_length=64)], EmvCard] = {}
    campaigns: tuple[Campaign, ...] = ()

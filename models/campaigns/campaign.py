"""Campaigns as their managers declare them: flights, costs, cards, thresholds."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)

from models.kinds import CONVERSIONS, ENGAGEMENTS, names
from models.kpis.catalogue import THRESHOLDS
from models.kpis.kpi import Threshold
from models.times import DAY, format_time, parse_duration, parse_time

Status = Literal["scheduled", "running", "grace", "ended"]
AudienceField = Literal["country", "language", "age_band", "gender", "interests"]
if TYPE_CHECKING:
    # A type checker accepts no Literal of values that it cannot see.
    EmvAction = str
    Goal = str
else:
    EmvAction = Literal[tuple(dict.fromkeys(("impression", "click", "video_view", *names(ENGAGEMENTS))))]
    Goal = Literal[names(CONVERSIONS)]

BUILT_IN_CARD_NAME = "default"

_LARGEST = 1e12
# Divisors must not make a quotient infinite.
_SMALLEST_POSITIVE = 1e-9


def _time(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 time with zone, such as 2026-11-01T12:00:00Z")
    return parse_time(value)


def _duration(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError("must be a whole number and a unit (s, m, h, d, w), such as 7d")
    return parse_duration(value)


def _date(value: str) -> str:
    try:
        # Not every form of ISO 8601: 20261101 and 2026-W45-1 are not accepted.
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("must be a date that exists, such as 2026-11-20")


def _positive(value: float) -> float:
    if value < _SMALLEST_POSITIVE:
        raise ValueError("must be greater than 0, a billionth at least")
    return value


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple | frozenset) else [value]


def _distinct(value: object) -> object:
    if isinstance(value, list):
        words = [one for one in value if isinstance(one, str)]
        twice = sorted({one for one in words if words.count(one) > 1})
        if twice:
            raise ValueError(f"must name each once; twice or more: {', '.join(twice)}")
    return value


Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$", to_lower=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Time = Annotated[int, BeforeValidator(_time)]
Duration = Annotated[int, BeforeValidator(_duration)]
Date = Annotated[str, AfterValidator(_date)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[Number, Field(ge=0, le=_LARGEST)]
Positive = Annotated[Number, Field(le=_LARGEST), AfterValidator(_positive)]
Share = Annotated[Number, Field(ge=0, le=1)]
Score = Annotated[Number, Field(ge=0, le=100)]
Whole = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Choices = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Influencers = Annotated[frozenset[Identifier], BeforeValidator(_listed), Field(min_length=1)]
# The validator that stands last is asked first.
Goals = Annotated[frozenset[Goal], BeforeValidator(_distinct), BeforeValidator(_listed), Field(min_length=1)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CurrencyRates(_Declared):
    """How many units of each currency one unit of the base buys, on a date."""

    date: Date
    base: Currency
    rates: dict[Currency, Positive]


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
        start = info.data.get("from_")
        if to is not None and start is not None and to <= start:
            raise ValueError(f"must be later than from ({format_time(start)})")
        return to

    @model_validator(mode="after")
    def _dated(self) -> "Cost":
        dated = self.from_ is not None and self.to is not None
        if "spend" in self.model_fields_set and not dated:
            raise ValueError("spend needs from and to")
        if "spend" not in self.model_fields_set and (self.from_ is not None or self.to is not None):
            raise ValueError("from and to date a spend, which this has not; fees accrue over the flight")
        return self


class Target(_Declared):
    """The audience that a campaign wants: its size and the predicate on `audience`."""

    size: Annotated[Whole, Field(ge=1)]
    audience: dict[AudienceField, Choices]


class Values(_Declared):
    """The brand values' scorecard: weights by value, scores (0–100) by influencer."""

    weights: dict[str, Positive]
    scored_on: Date
    scores: dict[Identifier, dict[str, Score]]


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
    most = _LARGEST if threshold.most is None else threshold.most
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
    name: Annotated[str, Field(min_length=1, max_length=200)]
    starts: Time
    ends: Time
    time_zone: str = "UTC"
    owner: str | None = Field(None, max_length=200)
    currency: Currency
    budget: Positive | None = None
    grace: Duration = 7 * DAY
    adjustments_until: Duration = 45 * DAY
    influencers: Influencers | None = None
    goals: Goals | None = None
    costs: tuple[Cost, ...] = ()
    target: Target | None = None
    emv_card: str = BUILT_IN_CARD_NAME
    values: Values | None = None
    thresholds: Thresholds = Thresholds()
    min_sample: MinSample = MinSample()

    @field_validator("ends")
    @classmethod
    def _later(cls, ends: int, info: ValidationInfo) -> int:
        starts = info.data.get("starts")
        if starts is not None and ends <= starts:
            raise ValueError(f"must be later than starts ({format_time(starts)})")
        return ends

    def status(self, now: int) -> Status:
        """Return where in its life the campaign is at `now`."""
        if now < self.starts:
            return "scheduled"
        if now < self.ends:
            return "running"
        return "grace" if now < self.ends + self.grace else "ended"

    def shown(self, now: int) -> bool:
        """Return whether the campaign is on /metrics at `now`: until 24 h after its grace."""
        return now < self.ends + self.grace + DAY


class Declaration(_Declared):
    """A campaign file's content."""

    currency_rates: CurrencyRates | None = None
    emv_cards: dict[Annotated[str, Field(min_length=1, max_length=64)], EmvCard] = {}
    campaigns: tuple[Campaign, ...] = ()

"""What can arrive: one strict pydantic model an event type, the only source of the schema."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from models import kinds
from models.scopes import ABSENT, Leaf
from models.times import DAY, parse_time
from models.topics import EventType

MAX_BYTES = 65_536
_YEAR_2000 = 10_957 * DAY


def read_event_time(value: object) -> int:
    """Read an event's time; PydanticCustomError or ValueError tell the rule that it breaks."""
    if not isinstance(value, str):
        raise PydanticCustomError("time_type", "Input should be a string: an RFC 3339 time with zone")
    time = parse_time(value)
    if time < _YEAR_2000:
        raise PydanticCustomError("time_range", "Input should not be before the year 2000")
    return time


EventTime = Annotated[
    int,
    BeforeValidator(read_event_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Field(description="When it happened; not before 2000, at most 5 min after it arrives."),
]
EventId = Annotated[
    str,
    Field(min_length=1, max_length=64, description="Unique in the campaign; the same again is a duplicate."),
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
CampaignId = Annotated[Identifier, Field(description="A registered campaign.")]
InfluencerId = Annotated[Identifier, Field(description="Who published what it is about.")]
ContentId = Annotated[Identifier, Field(description="What was published: a post, a reel, a video …")]
Channel = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$", to_lower=True),
    Field(description="`instagram`, `tiktok`, `youtube` … in any case."),
]
Format = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$", to_lower=True),
    Field(description="`reel`, `story`, `post`, `short`, `video`, `live` … in any case."),
]
PersonId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        description="A pseudonym; used only with consent, for reach and for how often the same people act.",
    ),
]
Consent = Annotated[
    bool, Field(description="Whether `person_id` may be used; absent: as the deployment is set.")
]
OrderId = Annotated[
    str,
    Field(min_length=1, max_length=128, description="Unique in the campaign; required for a `purchase`."),
]
UserAgent = Annotated[
    str, Field(max_length=1024, description="Tells known bots, which are counted as invalid traffic.")
]
Source = Annotated[str, Field(max_length=64, description="Which producer sent it.")]
Language = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z]{2,8}([_-][A-Za-z0-9]{1,8})*$",
        max_length=35,
        description="BCP 47; `en_US` is read as `en-US`.",
    ),
]
MOST_COUNTED = 1_000_000
"""The largest count of an aggregate."""
Count = Annotated[int, Field(ge=1, le=MOST_COUNTED, description="How many it stands for.")]
Total = Annotated[
    int,
    Field(
        ge=0,
        le=1_000_000_000_000,
        description="In place of `count`: the running total that the source reports for the leaf (and "
        "`kind`) at `event_time`. What counts is the difference from its last one.",
    ),
]
Revenue = Annotated[
    float,
    Field(
        ge=0,
        le=1e12,
        allow_inf_nan=False,
        description="In `currency`, which it requires; what a refund gives back.",
    ),
]
OrderCount = Annotated[
    Count,
    Field(
        description="Without `order_id`: so many orders, `revenue` is their sum; with one it is one order."
    ),
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
if TYPE_CHECKING:
    # A type checker takes no Literal of values that it cannot see.
    EngagementKind = str
    ConversionKind = str
    Attribution = str
    Polarity = str
else:
    EngagementKind = Literal[tuple(kind.name for kind in kinds.ENGAGEMENTS if kind.event)]
    ConversionKind = Literal[kinds.names(kinds.CONVERSIONS)]
    Attribution = Literal[kinds.names(kinds.ATTRIBUTIONS)]
    Polarity = Literal[kinds.names(kinds.POLARITIES)]
AttributedBy = Annotated[
    Attribution,
    Field(description="How its influencer was found; `declared` where it names one and does not say how."),
]
_KINDS_WITH_ORDER = tuple(kind.name for kind in kinds.CONVERSIONS if kind.needs_order)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Audience(_Strict):
    """What is known of the person exposed, for target coverage."""

    country: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$", description="ISO 3166.")] | None = None
    language: Language | None = None
    age_band: Annotated[str, Field(min_length=1, max_length=16, description="`18-24` …")] | None = None
    gender: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    interests: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=64)] | None = None


class _Event(_Strict):
    event_id: EventId
    event_time: EventTime
    campaign_id: CampaignId
    source: Source | None = None


class _Placed(_Event):
    influencer_id: InfluencerId
    format: Format = ABSENT
    person_id: PersonId | None = None
    consent: Consent | None = None


class Impression(_Placed):
    """A content was shown."""

    type: Literal["impression"]
    content_id: ContentId
    channel: Channel
    audience: Audience | None = Field(None, description="Who saw it, for target coverage.")
    user_agent: UserAgent | None = None
    count: Count = 1
    total: Total | None = None


class Click(_Placed):
    """A link was clicked."""

    type: Literal["click"]
    content_id: ContentId
    channel: Channel
    user_agent: UserAgent | None = None
    count: Count = 1
    total: Total | None = None


class Engagement(_Placed):
    """Somebody reacted to a content."""

    type: Literal["engagement"]
    content_id: ContentId
    channel: Channel
    kind: EngagementKind
    text: Annotated[str, Field(description="What was written; rated, and shown nowhere.")] | None = None
    language: Language | None = None
    sentiment: Polarity | None = Field(None, description="A rating of the text, in place of ours.")
    user_agent: UserAgent | None = None
    count: Count = 1
    total: Total | None = None


class Conversion(_Placed):
    """An order, sign-up or other goal was confirmed."""

    type: Literal["conversion"]
    influencer_id: InfluencerId = ABSENT
    content_id: ContentId = ABSENT
    channel: Channel = ABSENT
    kind: ConversionKind
    order_id: OrderId | None = None
    revenue: Revenue | None = None
    currency: Currency | None = None
    attributed_by: AttributedBy | None = None
    status: Literal["confirmed"] = "confirmed"
    count: OrderCount = 1


class Adjustment(_Event):
    """An order was cancelled, or refunded in part or whole."""

    type: Literal["conversion"]
    influencer_id: InfluencerId | None = None
    content_id: ContentId | None = None
    channel: Channel | None = None
    format: Format | None = None
    person_id: PersonId | None = None
    consent: Consent | None = None
    kind: ConversionKind | None = None
    order_id: OrderId
    revenue: Revenue | None = None
    currency: Currency | None = None
    attributed_by: AttributedBy | None = None
    status: Literal["cancelled", "refunded"]
    count: OrderCount = 1


STATUSES = ("confirmed", "cancelled", "refunded")
"""What a conversion says of its order: all but the first are adjustments."""
EITHER = ("total", "count")
"""Fields of which an event has one at most: the one stands in place of the other."""
DESCRIBING = ("audience", "user_agent", "source", "text", "language", "sentiment")
"""The fields that only describe: one that does not fit, or a part of it, is taken as absent."""
LEAF_FIELDS: tuple[str, ...] = tuple(
    name if name in Impression.model_fields else f"{name}_id" for name in Leaf._fields
)
"""The fields that name an event's leaf, in its order; an adjustment may lack all but the first."""

Placed = Impression | Click | Engagement | Conversion
Event = Placed | Adjustment

_MODELS: dict[EventType, tuple[type[Event], ...]] = {
    "impression": (Impression,),
    "click": (Click,),
    "engagement": (Engagement,),
    "conversion": (Conversion, Adjustment),
}


def models_of(event_type: EventType) -> tuple[type[Event], ...]:
    """List the models one of which an event of a type fits."""
    return _MODELS[event_type]


def model_of(event_type: EventType, data: dict[str, Any]) -> type[Event]:
    """Choose the model that a decoded event must fit."""
    if event_type == "conversion" and data.get("status") in ("cancelled", "refunded"):
        return Adjustment
    return _MODELS[event_type][0]


def total_of(event: Event) -> int | None:
    """Return the running total that an event reports in place of a count; None of any other event."""
    return None if isinstance(event, Conversion | Adjustment) else event.total


def required_fields(model: type[Event], data: dict[str, Any]) -> Sequence[str]:
    """List the fields that this event must have, those that its other fields ask for included."""
    required = _always_required(model)
    if model not in (Conversion, Adjustment):
        return required
    asked = asked_for(data.get("kind"), data.get("revenue"))
    return [*required, *(name for name in asked if name not in required)]


def contradiction(model: type[Event], data: dict[str, Any]) -> str | None:
    """Return which rule an event breaks whose fields fit, but not each other; None where it breaks none."""
    one, other = EITHER
    if one in data and other in data and one in model.model_fields:
        return f"{one}: stands in place of {other}, so an event has one of them at most"
    return None


def asked_for(kind: object, revenue: object) -> list[str]:
    """List the optional fields that a conversion of this kind and revenue must have."""
    asked = ["order_id"] if kind in _KINDS_WITH_ORDER else []
    return asked if revenue is None else [*asked, "currency"]


@cache
def _always_required(model: type[Event]) -> tuple[str, ...]:
    """List the fields that every event of a model must have: pydantic takes microseconds to tell."""
    return tuple(name for name, field in model.model_fields.items() if field.is_required())

"""What a map declares: which column of an export is which field, and how its cells are read."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from models import kinds
from models.campaigns.fields import Channel, Date, Identifier, Name
from producers.imports.numbers import DecimalSign
from producers.imports.times import USUAL_FORMS, Clock, check_form, is_local, read_time_of_day

if TYPE_CHECKING:
    # A type checker takes no Literal of values that it cannot see.
    EngagementKind = str
    ConversionKind = str
    Attribution = str
else:
    EngagementKind = Literal[tuple(kind.name for kind in kinds.ENGAGEMENTS if kind.event)]
    ConversionKind = Literal[kinds.names(kinds.CONVERSIONS)]
    Attribution = Literal[kinds.names(kinds.ATTRIBUTIONS)]

CURRENCY = re.compile("[A-Z]{3}")
_LONGEST_SOURCE = 64 - len(":2026-11-28")


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _written_out(value: object) -> object:
    """Read a text in place of `{always: text}`."""
    return value if isinstance(value, dict) else {"always": value}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError("must be a time zone that exists, such as Europe/Paris") from None
    return name


Columns = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1)]
"""The names that a column may have: the first that the file has is read."""
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Form = Annotated[str, AfterValidator(check_form)]
Zone = Annotated[str, AfterValidator(_zone)]
Source = Annotated[str, Field(min_length=1, max_length=_LONGEST_SOURCE)]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(_Declared):
    """What a field is: always the same, or what a column says.

    Of a cell that is an address its last `part` may be meant, or a `parameter` of its query. `otherwise`
    stands for what the field's table does not list, and for an empty cell.
    """

    always: Identifier | None = None
    column: Columns | None = None
    part: Literal["text", "last_path_part"] = "text"
    parameter: Name | None = None
    otherwise: Identifier | None = None

    @model_validator(mode="after")
    def _one(self) -> "Value":
        if (self.always is None) == (self.column is None):
            raise ValueError("must be a text that is always meant, or name a column: {column: Permalink}")
        beside = [self.part != "text", self.parameter is not None, self.otherwise is not None]
        if self.always is not None and any(beside):
            raise ValueError("must have part, parameter and otherwise beside a column alone")
        if beside[0] and beside[1]:
            raise ValueError("must have either part or parameter")
        return self


def _of_a_currency(value: Value) -> Value:
    for code in (value.always, value.otherwise):
        if code is not None and not CURRENCY.fullmatch(code):
            raise ValueError("must be a code of three capitals, such as EUR, or name a column")
    return value


Given = Annotated[Value, BeforeValidator(_written_out)]
GivenCurrency = Annotated[Value, BeforeValidator(_written_out), AfterValidator(_of_a_currency)]


class File(_Declared):
    """How the file is written; what is not said is told by the file."""

    encoding: Literal["utf-8", "utf-16", "latin-1", "windows-1252"] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None


class Numbers(_Declared):
    """The sign before decimals, as numbers.read_number takes it."""

    decimal: DecimalSign | None = None


class Time(_Declared):
    """Where a row's time stands and how it is written; `at` is where a day's figures are placed."""

    column: Columns | None = None
    forms: Annotated[tuple[Form, ...], BeforeValidator(_listed), Field(min_length=1)] = USUAL_FORMS
    zone: Zone | None = None
    at: Annotated[int, BeforeValidator(read_time_of_day)] = 0

    @model_validator(mode="after")
    def _zoned(self) -> "Time":
        if self.column and not self.zone and any(map(is_local, self.forms)):
            raise ValueError("must name the zone of the export's times: zone: Europe/Paris")
        return self

    @property
    def clock(self) -> Clock:
        """What reads the times."""
        return Clock(ZoneInfo(self.zone) if self.zone else None, self.forms, self.at)


class Metric(_Declared):
    """A column of figures, and what they count."""

    column: Columns
    type: Literal["impression", "click", "engagement"]
    kind: EngagementKind | None = None

    @model_validator(mode="after")
    def _kinds(self) -> "Metric":
        if (self.type == "engagement") != (self.kind is not None):
            rule = "must have a kind, such as like" if self.type == "engagement" else "must have no kind"
            raise ValueError(f"{rule}: of type {self.type}")
        return self


class Figures(_Declared):
    """Rows of figures: running totals so far, or what was added on each day."""

    are: Literal["running_totals", "per_day"]
    columns: Annotated[tuple[Metric, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> "Figures":
        counted = [(metric.type, metric.kind) for metric in self.columns]
        twice = [" ".join(filter(None, one)) for one in dict.fromkeys(counted) if counted.count(one) > 1]
        if twice:
            raise ValueError(f"must have one column for {', '.join(twice)}, with all names that it may have")
        return self


class Orders(_Declared):
    """Rows that are orders; one that `statuses` calls cancelled or refunded was sold, and is taken back."""

    order_id: Columns
    kind: ConversionKind = "purchase"
    revenue: Columns | None = None
    currency: GivenCurrency | None = None
    status: Columns | None = None
    statuses: Mapping[str, Literal["confirmed", "cancelled", "refunded"]] = {}
    attributed_by: Attribution | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Orders":
        if self.revenue and not self.currency:
            raise ValueError("must have a currency beside revenue: a code such as EUR, or a column")
        if bool(self.status) != bool(self.statuses):
            raise ValueError("must have status and statuses, or neither: statuses: {Refunded: refunded}")
        return self


class Refunds(_Declared):
    """Rows that are refunds of orders, each with the amount that it gave back."""

    order_id: Columns
    kind: ConversionKind = "purchase"
    revenue: Columns
    currency: GivenCurrency


class ReadFrom(_Declared):
    """Where the names of the columns were read, and when."""

    where: Texts
    on: Date


class ImportMap(_Declared):
    """One map. `source` tells its totals from those of others: change it, and all is counted anew."""

    about: str = ""
    read_from: ReadFrom | None = None
    source: Source
    campaign: Given | None = None
    influencer: Given | None = None
    content: Given | None = None
    channel: Given | None = None
    format: Given | None = None
    campaigns: Mapping[str, Identifier] = {}
    influencers: Mapping[str, Identifier] = {}
    contents: Mapping[str, Identifier] = {}
    channels: Mapping[str, Channel] = {}
    formats: Mapping[str, Channel] = {}
    other_contents: Literal["refuse", "leave_out"] = "refuse"
    file: File = File()
    numbers: Numbers = Numbers()
    time: Time = Time()
    only: Mapping[str, Texts] = {}
    skip: Mapping[str, Texts] = {}
    figures: Figures | None = None
    orders: Orders | None = None
    refunds: Refunds | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "ImportMap":
        given = [name for name in ("figures", "orders", "refunds") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError(
                f"must have one of figures, orders, refunds; has {' and '.join(given) or 'none'}"
            )
        per_day = self.figures is not None and self.figures.are == "per_day"
        if (per_day or not self.figures) and not self.time.column:
            raise ValueError(
                "must say where each row's time stands: time: {column: Date, zone: Europe/Paris}"
            )
        if per_day and not self.time.zone:
            raise ValueError("must name the zone that its days are of: time: {zone: Europe/Paris}")
        if self.other_contents == "leave_out" and not self.contents:
            raise ValueError("must list contents, if others are to be left out")
        return self

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that it must say something of, on the command line at the latest."""
        return ("campaign", "influencer", "content", "channel") if self.figures else ("campaign",)

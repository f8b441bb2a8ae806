"""The types of a campaign's fields: what each takes, and the rule that it names where it does not."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from models.kinds import CONVERSIONS, ENGAGEMENTS, names
from models.times import parse_duration, parse_time

AudienceField = Literal["country", "language", "age_band", "gender", "interests"]
if TYPE_CHECKING:
    # A type checker accepts no Literal of values that it cannot see.
    EmvAction = str
    Goal = str
else:
    EmvAction = Literal[tuple(dict.fromkeys(("impression", "click", "video_view", *names(ENGAGEMENTS))))]
    Goal = Literal[names(CONVERSIONS)]

LARGEST = 1e12
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+([/?#]\S*)?")
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


def _web_address(value: str) -> str:
    if not _WEB_ADDRESS.fullmatch(value):
        raise ValueError("must be a web address, such as https://shop.example/glow")
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


Name = Annotated[str, Field(min_length=1, max_length=200)]
WebAddress = Annotated[str, Field(max_length=2048), AfterValidator(_web_address)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$", to_lower=True)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Time = Annotated[int, BeforeValidator(_time)]
Duration = Annotated[int, BeforeValidator(_duration)]
Date = Annotated[str, AfterValidator(_date)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[Number, Field(ge=0, le=LARGEST)]
Positive = Annotated[Number, Field(le=LARGEST), AfterValidator(_positive)]
Share = Annotated[Number, Field(ge=0, le=1)]
Score = Annotated[Number, Field(ge=0, le=100)]
Whole = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Phrase = Annotated[str, Field(min_length=1, max_length=100)]
Phrases = Annotated[
    tuple[Phrase, ...], BeforeValidator(_distinct), BeforeValidator(_listed), Field(max_length=500)
]
Choices = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Influencers = Annotated[frozenset[Identifier], BeforeValidator(_listed), Field(min_length=1)]
# The validator that stands last is asked first.
Goals = Annotated[frozenset[Goal], BeforeValidator(_distinct), BeforeValidator(_listed), Field(min_length=1)]

"""Time as the models know it: whole microseconds since 1970, UTC."""

import re
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII)
_DURATION = re.compile(r"(\d{1,6})(s|m|h|d|w)", re.ASCII)
_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}


def parse_time(text: str) -> int:
    """Read an RFC 3339 time with zone; digits below the microsecond are cut off.

    A leap second, `:60`, is the second after.

    Raises:
        ValueError: the text is no such time.

    """
    if not _RFC3339.fullmatch(text):
        raise ValueError("must be an RFC 3339 time with zone, such as 2026-11-01T12:00:00Z")
    leap = text[17:19] == "60"
    if leap:
        text = f"{text[:17]}59{text[19:]}"
    try:
        return micros(datetime.fromisoformat(text.upper()).astimezone(UTC) + timedelta(seconds=leap))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"must be a time that exists: {error}") from None


def micros(when: datetime) -> int:
    """Return the time of an aware datetime, exactly."""
    return (when - _EPOCH) // _MICROSECOND


def moment(time: int) -> datetime:
    """Return the datetime of a time, in UTC."""
    return _EPOCH + timedelta(microseconds=time)


def format_time(time: int) -> str:
    """Write a time in RFC 3339, in UTC, to the second."""
    return moment(time).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_duration(text: str) -> int:
    """Read a duration such as `45s`, `10m`, `12h`, `7d` or `2w`, in microseconds.

    Raises:
        ValueError: the text is no such duration.

    """
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError("must be a whole number and a unit (s, m, h, d, w), such as 7d")
    return int(match[1]) * _UNITS[match[2]]

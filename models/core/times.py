"""RFC 3339 times within a buffer, as producers write them; others are left to models.times."""

import numpy as np

from models.core.compiling import I64, U64, Int, compiled, inlined
from models.core.octets import Octets
from models.times import SECOND

UNREAD = int(np.iinfo(np.int64).min)
"""Stands for a time that was not read: the rule for a single time decides there."""

_SHORTEST = len("2026-11-10T12:00:00Z")
_LONGEST = len("2026-11-10T12:00:00.123456789+00:00")
_FRACTION_AT = len("2026-11-10T12:00:00")
_OFFSET = len("+00:00")
_MOST_DIGITS, _MICROS_DIGITS = 9, 6
_SECOND = I64(SECOND)
_SCALES = np.array([SECOND, 100_000, 10_000, 1_000, 100, 10, 1])
"""How many microseconds the last of so many digits of a fraction is worth."""
_DAYS_BEFORE = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_DAYS_TO_1970 = 719_162
_NONE = -1_000_000
"""Stands for digits that are not there; whatever it is multiplied with or added to stays below 0."""


@compiled
def read_time(buffer: Octets, start: Int, length: Int) -> Int:
    """Read a time, cut off below the microsecond; UNREAD where a text is not plainly a time.

    Only times that exist are read, of the years 2001 to 9998, and no leap seconds.
    """
    if not _SHORTEST <= length <= _LONGEST:
        return UNREAD
    days = _days(buffer, start)
    hour, minute = _two_behind(buffer, start + 10, ord("T")), _two_behind(buffer, start + 13, ord(":"))
    second = _two_behind(buffer, start + 16, ord(":"))
    if days < 0 or not 0 <= hour < 24 or not 0 <= minute < 60 or not 0 <= second < 60:
        return UNREAD
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    at, end, micros = start + _FRACTION_AT, start + length, 0
    if _byte(buffer, at) == ord("."):
        first = at = at + 1
        while at < end and ord("0") <= _byte(buffer, at) <= ord("9"):
            if at - first < _MICROS_DIGITS:
                micros = micros * 10 + _byte(buffer, at) - ord("0")
            at += 1
        if not 1 <= at - first <= _MOST_DIGITS:
            return UNREAD
        micros *= _SCALES[min(at - first, _MICROS_DIGITS)]
    if _byte(buffer, at) == ord("Z") and at + 1 == end:
        return seconds * _SECOND + micros
    if at + _OFFSET != end:
        return UNREAD
    east = _byte(buffer, at) == ord("+")
    hours = _two_behind(buffer, at, ord("+") if east else ord("-"))
    minutes = _two_behind(buffer, at + 3, ord(":"))
    if not 0 <= hours < 24 or not 0 <= minutes < 60:
        return UNREAD
    offset = (hours * 60 + minutes) * 60
    return (seconds - offset if east else seconds + offset) * _SECOND + micros


@inlined
def _days(buffer: Octets, start: Int) -> Int:
    """Count the days from 1970 to a date; below 0 where there is none."""
    year = _digits(buffer, start, 4)
    month, day = _two_behind(buffer, start + 4, ord("-")), _two_behind(buffer, start + 7, ord("-"))
    if not 2000 < year < 9999 or not 1 <= month <= 12 or day < 1:
        return _NONE
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if day > _DAYS[month] + (1 if leap and month == 2 else 0):
        return _NONE
    past = year - 1
    in_past = 365 * past + past // 4 - past // 100 + past // 400 - _DAYS_TO_1970
    return in_past + _DAYS_BEFORE[month] + (1 if leap and month > 2 else 0) + day - 1


@inlined
def _two_behind(buffer: Octets, at: Int, sign: Int) -> Int:
    """Read two digits behind a sign; below 0 where they are not there."""
    return _digits(buffer, at + 1, 2) if _byte(buffer, at) == sign else _NONE


@inlined
def _digits(buffer: Octets, at: Int, count: Int) -> Int:
    number = 0
    for index in range(at, at + count):
        digit = _byte(buffer, index) - ord("0")
        if not 0 <= digit <= 9:
            return _NONE
        number = number * 10 + digit
    return number


@inlined
def _byte(buffer: Octets, at: Int) -> Int:
    return I64(buffer[U64(at)])

"""Times as exports write them, in the zone and the forms that the map names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.times import HOUR, MINUTE, micros, moment, parse_time

RFC3339, UNIX = "rfc3339", "unix"
USUAL_FORMS = (RFC3339, "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
_DIRECTIVES = frozenset("YymdbBHIMSfpz%")
_OF_A_DAY = frozenset("HI")
_UNIX = re.compile(r"[0-9]{1,11}")
_ANY_TIME = datetime(2026, 11, 28, tzinfo=UTC)
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class Placed(NamedTuple):
    """When something was, in microseconds, and on which day there (2026-11-28)."""

    time: int
    day: str


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are read: their zone (None where each names its own), and where a day alone is placed.

    `at` is that time of day, in microseconds after midnight.
    """

    zone: ZoneInfo | None
    forms: Sequence[str] = USUAL_FORMS
    at: int = 0

    def read(self, text: str) -> Placed:
        """Read a time, or a day.

        Raises:
            ValueError: it is of none of the forms, or no such time exists in the zone.

        """
        text = text.strip()
        for form in self.forms:
            try:
                found = _parsed(text, form)
            except ValueError:
                continue
            return self._placed(found, has_time=_names_time(form))
        raise ValueError(f"{text[:40]} is no time of the form {' or '.join(self.forms)}")

    def read_day(self, text: str) -> Placed:
        """Read the day that a time is on, or a day, and place it at `at`."""
        read = self.read(text)
        return self._placed(datetime.fromisoformat(read.day), has_time=False)

    def _placed(self, found: datetime, *, has_time: bool) -> Placed:
        try:
            return self._local(found, has_time=has_time) if found.tzinfo is None else self._zoned(found)
        except OverflowError:
            # Programs write 0001-01-01 for no date: east of Greenwich it is in the year before the first.
            raise ValueError(f"{found.date()} is no day that can be meant") from None

    def _zoned(self, found: datetime) -> Placed:
        time = micros(found.astimezone(UTC))
        there = moment(time).astimezone(self.zone or found.tzinfo)
        return Placed(time, there.date().isoformat())

    def _local(self, found: datetime, *, has_time: bool) -> Placed:
        if self.zone is None:
            raise ValueError("names no time zone, and neither does the map: time: {zone: Europe/Paris}")
        # A time of day that clocks leave out on a day is placed as much later as they go forward.
        meant = found if has_time else found + timedelta(microseconds=self.at)
        time = micros(meant.replace(tzinfo=self.zone).astimezone(UTC))
        if has_time and moment(time).astimezone(self.zone).replace(tzinfo=None) != found:
            raise ValueError(f"{found} does not exist in {self.zone.key}: clocks went forward then")
        return Placed(time, found.date().isoformat())


def check_form(form: str) -> str:
    """Return a form of times.

    Raises:
        ValueError: no time could be read by it.

    """
    if form in (RFC3339, UNIX):
        return form
    used = re.findall("%(.)", form)
    unknown = [f"%{one}" for one in used if one not in _DIRECTIVES]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not read here; %Y %m %d %H %M %S and a few others are")
    if not ({"Y", "y"} & set(used) and {"m", "b", "B"} & set(used) and "d" in used):
        raise ValueError("must name year, month and day, such as %m/%d/%Y %H:%M; or be rfc3339 or unix")
    try:
        datetime.strptime(_ANY_TIME.strftime(form), form)
    except (ValueError, re.error):
        raise ValueError("must name nothing twice, and no % alone, such as %m/%d/%Y %H:%M") from None
    return form


def is_local(form: str) -> bool:
    """Return whether times of this form need a zone beside them."""
    return form not in (RFC3339, UNIX) and "%z" not in form


def read_time_of_day(text: str) -> int:
    """Read `HH:MM`, in microseconds after midnight.

    Raises:
        ValueError: it is none.

    """
    found = _TIME_OF_DAY.fullmatch(text)
    if not found:
        raise ValueError("must be a time of day in quotes, such as 12:00")
    return int(found[1]) * HOUR + int(found[2]) * MINUTE


def _parsed(text: str, form: str) -> datetime:
    if form == RFC3339:
        return moment(parse_time(text))
    if form == UNIX:
        if not _UNIX.fullmatch(text):
            raise ValueError
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text))
    return datetime.strptime(text, form)


def _names_time(form: str) -> bool:
    return form in (RFC3339, UNIX) or bool(_OF_A_DAY & set(re.findall("%(.)", form)))

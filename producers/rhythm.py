"""When people look: the rhythm of the day, and contents that go viral for some minutes."""

from datetime import UTC, datetime, tzinfo
from random import Random
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.times import HOUR, MINUTE, SECOND

_NIGHT = (0.45, 0.30, 0.22, 0.20, 0.22, 0.35)
_MORNING = (0.60, 0.90, 1.05, 1.00, 1.00, 1.10)
_AFTERNOON = (1.35, 1.25, 1.05, 1.00, 1.05, 1.20)
_EVENING = (1.40, 1.60, 1.85, 1.90, 1.55, 1.00)
_BY_HOUR = (*_NIGHT, *_MORNING, *_AFTERNOON, *_EVENING)
_MEAN = sum(_BY_HOUR) / len(_BY_HOUR)

_BETWEEN_BURSTS = 6 * HOUR
_BURST_LENGTH = 4 * MINUTE
_BURST_FACTOR = (5.0, 20.0)
MEAN_BOOST = 1 + (sum(_BURST_FACTOR) / 2 - 1) * _BURST_LENGTH / _BETWEEN_BURSTS
"""By how much bursts raise a content's traffic in the long run."""


def zone_of(name: str) -> tzinfo:
    """Return a time zone; UTC if this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def daily_rhythm(time: int, zone: tzinfo) -> float:
    """Return the traffic at a local time of day, as a multiple of the day's mean."""
    local = datetime.fromtimestamp(time / SECOND, zone)
    share = local.minute / 60
    return ((1 - share) * _BY_HOUR[local.hour] + share * _BY_HOUR[(local.hour + 1) % 24]) / _MEAN


class Bursts:
    """The viral moments of one content: rare, 5 to 20 times its traffic for some minutes."""

    def __init__(self, chance: Random, start: int) -> None:
        self._chance = chance
        self._begins = start + self._gap()
        self._ends = self._begins
        self._factor = 1.0

    def boost(self, time: int) -> float:
        """Return the factor on the content's traffic; call it with times that only grow."""
        if self._factor == 1.0 and time >= self._begins:
            self._factor = self._chance.uniform(*_BURST_FACTOR)
            self._ends = time + int(_BURST_LENGTH * self._chance.uniform(0.5, 1.5))
        if self._factor > 1.0 and time >= self._ends:
            self._factor, self._begins = 1.0, time + self._gap()
        return self._factor

    def _gap(self) -> int:
        return int(self._chance.expovariate(1 / _BETWEEN_BURSTS))

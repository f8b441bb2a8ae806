"""The rolling windows, in buckets of event time.

A window of length w at `now` holds the buckets that start after now − w − b/2, b being the bucket's
length: so its edge is off by at most half a bucket, either way.
"""

from dataclasses import dataclass
from typing import Literal

from models.times import DAY, HOUR, MINUTE, SECOND

WindowName = Literal["5m", "1h", "24h", "flight"]


@dataclass(frozen=True, slots=True)
class Window:
    """A rolling window; both lengths in microseconds."""

    name: WindowName
    length: int
    bucket: int

    def bucket_of(self, time: int) -> int:
        """Give the number of the bucket that holds a time."""
        return time // self.bucket

    def first_bucket(self, now: int) -> int:
        """Give the number of the oldest bucket that the window still holds."""
        return (now - self.length + self.bucket // 2) // self.bucket


ROLLING = (
    Window("5m", 5 * MINUTE, 10 * SECOND),
    Window("1h", HOUR, MINUTE),
    Window("24h", DAY, 15 * MINUTE),
)
FLIGHT: WindowName = "flight"
WINDOW_NAMES: tuple[WindowName, ...] = (*(window.name for window in ROLLING), FLIGHT)
LENGTHS: dict[WindowName, int] = {window.name: window.length for window in ROLLING}

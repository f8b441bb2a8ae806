"""The windows that KPIs are counted over, each declared once.

A rolling window of length w at `now` holds the buckets of event time that start after now − w − b/2, b being
the bucket's length: so its edge is off by at most half a bucket, either way.
"""

from dataclasses import dataclass

from models.scopes import ALL_SCOPES, ScopeName
from models.times import DAY, HOUR, MINUTE, SECOND
from models.words import Words

WindowName = str
"""The name of an entry of `WINDOWS`: the value of the label `window`."""
FLIGHT: WindowName = "flight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of time that the given scopes are shown over."""

    name: WindowName
    words: Words
    scopes: tuple[ScopeName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingWindow(Window):
    """A window that ends now; both lengths in microseconds."""

    length: int
    bucket: int

    def first_bucket(self, now: int) -> int:
        """Return the number of the oldest bucket that the window still holds."""
        return (now - self.length + self.bucket // 2) // self.bucket


ROLLING: tuple[RollingWindow, ...] = (
    RollingWindow(
        name="5m",
        words=Words("last 5 minutes", "5 dernières minutes"),
        scopes=("campaign", "channel", "format"),
        length=5 * MINUTE,
        bucket=10 * SECOND,
    ),
    RollingWindow(
        name="1h",
        words=Words("last hour", "dernière heure"),
        scopes=("campaign", "influencer", "channel", "format"),
        length=HOUR,
        bucket=MINUTE,
    ),
    RollingWindow(
        name="24h",
        words=Words("last 24 hours", "dernières 24 heures"),
        scopes=ALL_SCOPES,
        length=DAY,
        bucket=15 * MINUTE,
    ),
    RollingWindow(
        name="7d",
        words=Words("last 7 days", "7 derniers jours"),
        scopes=("campaign", "influencer", "channel", "format"),
        length=7 * DAY,
        bucket=2 * HOUR,
    ),
)
"""From the shortest to the longest."""
WEEK = next(window for window in ROLLING if window.name == "7d")
"""The window whose buckets of two hours tell how a campaign's events come and when it sleeps."""
WINDOWS: tuple[Window, ...] = (
    *ROLLING,
    Window(name=FLIGHT, words=Words("flight to date", "campagne à ce jour"), scopes=ALL_SCOPES),
)
WINDOW_NAMES: tuple[WindowName, ...] = tuple(window.name for window in WINDOWS)
WINDOWS_OF: dict[ScopeName, tuple[WindowName, ...]] = {
    scope: tuple(window.name for window in WINDOWS if scope in window.scopes) for scope in ALL_SCOPES
}
"""The windows that each scope is shown over."""
SCOPES_OF: dict[WindowName, tuple[ScopeName, ...]] = {window.name: window.scopes for window in WINDOWS}
"""The scopes that are shown over each window."""
LENGTHS: dict[WindowName, int] = {window.name: window.length for window in ROLLING}

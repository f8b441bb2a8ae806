"""How long counting may wait for the rating of what is old anyhow: it goes on for a tenth of the time."""

from collections.abc import Callable

_MOST_SECONDS = 30.0
_EARNED = 9.0
"""The seconds of waiting for a second of counting."""


class Patience:
    """Seconds that may be waited; `monotonic` returns seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._left = _MOST_SECONDS
        self._since = monotonic()

    @property
    def left(self) -> float:
        """How many seconds may be waited now."""
        counted = self._monotonic() - self._since
        return min(_MOST_SECONDS, self._left + _EARNED * counted)

    def spend(self, began: float) -> None:
        """Note a wait that ends now."""
        now = self._monotonic()
        earned = _EARNED * max(0.0, began - self._since)
        self._left = min(_MOST_SECONDS, self._left + earned) - (now - began)
        self._since = now

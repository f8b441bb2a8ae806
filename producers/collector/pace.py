"""How long the spool lasts at the pace at which it has been growing."""

from collections import deque

_OVER_SECONDS = 60.0
_EVERY_SECONDS = 1.0


class Pace:
    """Remembers how large the spool was, each second of the last minute."""

    def __init__(self) -> None:
        self._sizes: deque[tuple[float, int]] = deque()

    def observe(self, now: float, size: int) -> None:
        """Note the spool's bytes at a time (seconds)."""
        if not self._sizes or now - self._sizes[-1][0] >= _EVERY_SECONDS:
            self._sizes.append((now, size))
        while now - self._sizes[0][0] > _OVER_SECONDS:
            self._sizes.popleft()

    def seconds_left(self, now: float, size: int, bound: int) -> int | None:
        """Return in how many seconds the spool reaches its bound; None where it does not grow."""
        if not self._sizes:
            return None
        since, before = self._sizes[0]
        if size <= before or now <= since:
            return None
        return max(0, int((bound - size) * (now - since) / (size - before)))

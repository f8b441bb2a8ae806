"""When to send: evenly at a rate, or when the simulated clock says."""

from collections.abc import Callable


class Pace:
    """An even rate of events per second; it makes up for at most `slack` seconds lost."""

    def __init__(self, rate: float, now: float, slack: float = 0.25) -> None:
        self._gap = 1 / rate
        self._slack = slack
        self._due = now

    def wait(self, now: float) -> float:
        """Take the next turn, and return in how many seconds from `now` it is due (0: at once)."""
        self._due = max(self._due, now - self._slack)
        wait = max(0.0, self._due - now)
        self._due += self._gap
        return wait


def seconds_until(clock: Callable[[], int], at: int) -> float:
    """Return how many seconds remain until a time in microseconds (0: it has passed)."""
    return max(0, at - clock()) / 1_000_000

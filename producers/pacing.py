"""When to send: evenly at a rate, or when the simulated clock says."""

from collections.abc import Callable


class Pace:
    """An even rate of events a second; it never bursts to make up for more than `slack` seconds lost."""

    def __init__(self, rate: float, now: float, slack: float = 0.25) -> None:
        self._gap = 1 / rate
        self._slack = slack
        self._due = now

    def wait(self, now: float) -> float:
        """Take the next turn; say how many seconds from `now` it is (0: it is due)."""
        self._due = max(self._due, now - self._slack)
        wait = max(0.0, self._due - now)
        self._due += self._gap
        return wait


def seconds_until(clock: Callable[[], int], at: int) -> float:
    """Say how many seconds remain until a time in microseconds (0: it has come)."""
    return max(0, at - clock()) / 1_000_000

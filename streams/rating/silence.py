"""How long a process may say nothing, though it was asked."""

LOOK_SECONDS = 1.0
LOADING_SECONDS, RATING_SECONDS = 300, 10
"""A model may be fetched first, and a machine be busy."""


class Silence:
    """Counts looks, one a second, at which a process has said nothing though it was to.

    Looks, not seconds: while the worker itself stands still, suspended or busy, nobody hears.
    """

    def __init__(self, rating: int = RATING_SECONDS, loading: int = LOADING_SECONDS) -> None:
        self._rating = rating
        self._loading = loading
        self._looks = 0

    @property
    def seconds(self) -> float:
        """For how long it has been silent though it was to say something."""
        return self._looks * LOOK_SECONDS

    def end(self) -> None:
        """Note that the process has said something."""
        self._looks = 0

    def look(self, *, loaded: bool, asked: bool) -> str:
        """Look once; return how the process hangs, or nothing where it may be silent still."""
        self._looks = self._looks + 1 if asked or not loaded else 0
        if self._looks <= (self._rating if loaded else self._loading):
            return ""
        done = "rate a text" if loaded else "load its model"
        return f"did not {done} within {self._looks - 1} s"

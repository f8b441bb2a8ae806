"""A model of somebody else, as small as can be."""

import sys
import time

from models.sentiment.rating import OwnWords, Rating


class Optimist:
    """Rates every text as positive."""

    version = "optimist-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate any text."""
        return Rating("positive", ((text, 1.0),), language if own is None else None)


def make() -> Optimist:
    """Make it."""
    return Optimist()


def make_nothing() -> None:
    """Make no rater."""


def fail() -> None:
    """Fail as a package without its weights does."""
    raise OSError("no weights")


class Slow(Optimist):
    """Takes a tenth of a second for each text."""

    version = "slow-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate any text, in a while."""
        time.sleep(0.1)
        return super().rate(text, language, own)


class Leaking(Optimist):
    """Prints what it reads, and fails with it."""

    version = "leaking-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Fail at any text."""
        assert language is None
        assert own is None
        sys.stdout.write(text)
        sys.stdout.flush()
        sys.stderr.write(text)
        raise ValueError(text)

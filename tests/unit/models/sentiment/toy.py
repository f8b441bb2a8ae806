"""A model of somebody else, as small as can be."""

import asyncio
import os
import sys
import time
from typing import Any

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


def leave() -> None:
    """End as a script does."""
    sys.exit(7)


def die() -> None:
    """End as a library does that crashes."""
    os._exit(7)


class Unnamed(Optimist):
    """Fails at its version."""

    @property
    def version(self) -> str:  # type: ignore[override]
        """Fail."""
        return str(1 // 0)


class Hanging(Optimist):
    """Never returns from a text."""

    version = "hanging-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate a text, or hang."""
        while text == "hang":
            time.sleep(1)
        return super().rate(text, language, own)


class Stuck(Optimist):
    """Never returns."""

    version = "stuck-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Hang."""
        while text or language or own:
            time.sleep(1)
        return super().rate(text)


class Forking(Optimist):
    """Leaves another process behind, which holds all that is open, and dies."""

    version = "forking-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate a text, or die."""
        if text == "die":
            if os.fork() == 0:
                time.sleep(600)
            os._exit(1)
        return super().rate(text, language, own)


class Wrong(Optimist):
    """Does what no rater may."""

    version = "wrong-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Any:
        """Rate a text, or do something else."""
        if text == "exit":
            sys.exit(0)
        if text == "cancelled":
            raise asyncio.CancelledError
        wrong = {"none": None, "nonsense": Rating("great")}  # type: ignore[arg-type]
        return wrong[text] if text in wrong else super().rate(text, language, own)


class Meddling(Optimist):
    """Reads its standard input, and writes to its standard output."""

    version = "meddling-1"

    def rate(self, text: str, language: str | None = None, own: OwnWords | None = None) -> Rating:
        """Rate a text, with what it finds."""
        assert sys.stdin.read() == ""
        os.write(1, text.encode())
        return super().rate(text, language, own)

"""How much is remembered of one campaign, how long, and the times by which rules look: all of it is here."""

from typing import NamedTuple

from models.times import DAY, MINUTE, SECOND


class Caps(NamedTuple):
    """How many of each are remembered of a campaign, in each of the tables that are of them.

    `crowds` are contents of which the last persons are remembered.
    """

    persons: int = 50_000
    texts: int = 20_000
    contents: int = 20_000
    crowds: int = 5_000
    influencers: int = 2_000


DEFAULT = Caps()

TIMES = 16
"""The last interactions of a person."""
WRITERS = 8
"""The last persons of a text."""
VISITS = 8
"""The last contents of a person."""
CROWD = 16
"""The last persons of a content: where so many come at a time, who comes together is chance."""
MASK = 64
"""Contents of an influencer that are told apart."""
EXPOSED_BITS = 1 << 23
"""The size of the filter that knows who saw something: a million persons take a fifth of it."""

A_DAY = DAY
"""How long times and texts are remembered."""
MONTHS = 96 * DAY
"""How long visits, contents and early comments are remembered."""

CLOSE = 10 * SECOND
HALF_HOUR = 30 * MINUTE
TOGETHER = MINUTE
EARLY = 15 * MINUTE

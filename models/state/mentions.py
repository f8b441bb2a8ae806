"""Comments, mentions and replies whose text is still to be rated."""

from typing import NamedTuple

import numpy as np

from models.core.columns import Ints
from models.core.hashing import Hashes
from models.core.octets import Octets, lines_of
from models.events.batch import Events, Mask
from models.events.written import Written
from models.kinds import ENGAGEMENTS

_SAYS: Mask = np.array([kind.rated for kind in ENGAGEMENTS])


class Mentions(NamedTuple):
    """Events that say something which nobody has rated, as columns of one length.

    Each counts at a row, at a time (microseconds), for so many; `campaigns` are numbers, and the hashes of
    `persons` are those of the `known`. `texts` and `languages` are lines (models.core.json_lines). The last
    one arrived at `arrived`.
    """

    rows: Ints
    times: Ints
    counts: Ints
    campaigns: Ints
    known: Mask
    persons: Hashes
    texts: bytes
    languages: bytes
    arrived: int


def without_rating(events: Events, written: Written) -> Ints:
    """Return the indices of the events that say something, in a text that nobody has rated."""
    return np.flatnonzero((written.lengths > 0) & (events.ratings < 0) & _SAYS[events.kinds])


def lines(buffer: Octets, starts: Ints, lengths: Ints) -> bytes:
    """Return texts in lines; one that is not there is empty."""
    return lines_of(buffer, starts, np.maximum(lengths, 0)).tobytes()

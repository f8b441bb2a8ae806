"""What is judged, what is measured of it, and what the verdict is, as columns of one length."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from models.core.columns import Chosen, Ints

Hashes = npt.NDArray[np.uint64]
Smalls = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NO_HASH = 0
"""In place of the hash of a person or text where there is none."""
NO_AGENT, OF_A_PERSON, OF_A_MACHINE = -1, 0, 1
"""What is known of an agent."""


class Interactions(NamedTuple):
    """Engagements and link clicks in the order in which they are applied.

    `campaigns` are numbers, `times` event times in microseconds, `kinds` those of models.kinds.ENGAGEMENTS.
    Persons, contents (an influencer's) and influencers are hashes under the state's key, and so are `texts`,
    normalised; NO_HASH stands for no person that may be used, and no text that is compared. `words` counts
    the words of the text, −1 where there is none. `live` marks what was done in a live chat; `counts` are
    how many each event stands for.
    """

    campaigns: Ints
    persons: Hashes
    times: Ints
    kinds: Smalls
    contents: Hashes
    influencers: Hashes
    texts: Hashes
    words: Ints
    agents: Smalls
    live: Mask
    counts: Ints

    def at(self, chosen: Chosen) -> "Interactions":
        """Return the chosen lines."""
        columns: list[Any] = [column[chosen] for column in self]
        return Interactions(*columns)


class Measured(NamedTuple):
    """What rules look at: see models.authenticity.pace, copies, company, early and exposure."""

    agents: Smalls
    words: Ints
    close: Ints
    hourly: Ints
    variations: Floats
    writers: Ints
    partners: Ints
    unexposed: Ints
    regulars: Ints

    def at(self, chosen: Chosen) -> "Measured":
        """Return the chosen lines; those of a slice are written to as these."""
        columns: list[Any] = [column[chosen] for column in self]
        return Measured(*columns)


class Verdicts(NamedTuple):
    """Of each interaction whether it can be judged, and the number of the reason; 0 where there is none.

    `reasons` make it suspicious. `noted` are those that are reported alone: such an interaction is organic.
    What cannot be judged has neither. The numbers are those of models.authenticity.catalogue.
    """

    judged: Mask
    reasons: Smalls
    noted: Smalls

"""What people wrote with what they did: where it stands, and how it is read."""

from typing import NamedTuple

from models.core.columns import Ints
from models.core.json_lines import read_lines
from models.core.octets import Octets, lines_of


class Written(NamedTuple):
    """Texts and their languages, as columns by event: where they stand in the buffer of the events.

    Texts stand there as JSON writes them, without their quotes, and no further than they are looked at
    (models.sentiment.folding). A length is in bytes, and −1 where there is none.
    """

    starts: Ints
    lengths: Ints
    language_starts: Ints
    language_lengths: Ints

    def at(self, indices: Ints) -> "Written":
        """Return what was written with the events at these indices."""
        return Written(*(column[indices] for column in self))


def read_texts(buffer: Octets, starts: Ints, lengths: Ints) -> list[str | None]:
    """Return texts that stand in a buffer as JSON writes them, escapes read; None where there is none."""
    given = lengths >= 0
    texts = iter(read_lines(lines_of(buffer, starts[given], lengths[given]).tobytes()))
    return [next(texts) if is_given else None for is_given in given.tolist()]

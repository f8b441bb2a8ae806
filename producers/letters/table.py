"""Dead letters counted by what they are about, in bounded memory whatever they hold."""

from dataclasses import dataclass, field

from producers.letters.choosing import About

MOST_ROWS = 10_000
LONGEST_NAME = 128
OTHERS = "(others)"
"""In place of names that came when there were MOST_ROWS rows."""


@dataclass(slots=True)
class Count:
    """How many letters, and when the first and the last of them arrived (microseconds)."""

    letters: int
    first: int
    last: int


@dataclass
class Table:
    """Counts by reason, campaign, source and topic."""

    counts: dict[About, Count] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        """How many letters were counted."""
        return sum(count.letters for count in self.counts.values())

    def add(self, about: About, arrival: int) -> None:
        """Count a letter."""
        row = About(*map(_cut, about))
        if row not in self.counts and len(self.counts) >= MOST_ROWS:
            row = About(OTHERS, OTHERS, OTHERS, OTHERS)
        count = self.counts.setdefault(row, Count(0, arrival, arrival))
        count.letters += 1
        count.first, count.last = min(count.first, arrival), max(count.last, arrival)

    def rows(self) -> list[tuple[About, Count]]:
        """Return the rows, the most letters first."""
        return sorted(self.counts.items(), key=lambda row: (-row[1].letters, row[0]))


def _cut(name: str) -> str:
    """Shorten a name that no valid event has: it may be as long as an event."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"

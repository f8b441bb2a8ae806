"""What an engine has counted, and how that differs from what is true."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

_WITHIN = 0.06
"""How far off people may be: a sketch of 4 096 registers errs by 1.6 %, and 50 campaigns are looked at."""


@dataclass(frozen=True)
class Counted:
    """Unique events by campaign and kind, records dropped, and distinct people by campaign where known."""

    events: Counter[tuple[str, str]]
    duplicates: int
    invalid: int
    people: dict[str, float] = field(default_factory=dict)

    def records(self) -> int:
        """Return how many records these were."""
        return self.events.total() + self.duplicates + self.invalid


def read_counted(path: Path) -> Counted:
    """Read what an engine wrote: cells `campaign|kind|minute` with their counts, and the rest by name."""
    found = json.loads(path.read_text())
    events: Counter[tuple[str, str]] = Counter()
    for cell, count in found["cells"].items():
        campaign, kind, _ = cell.split("|")
        events[campaign, kind] += count
    return Counted(events, found["duplicates"], found["invalid"], found["people"])


def differences(truth: Counted, counted: Counted) -> list[str]:
    """Say in what a count is wrong; nothing where it is right."""
    wrong = [
        f"{name}: {got} instead of {true}"
        for name, true, got in (
            ("duplicates", truth.duplicates, counted.duplicates),
            ("invalid records", truth.invalid, counted.invalid),
        )
        if true != got
    ]
    cells = [cell for cell in truth.events | counted.events if truth.events[cell] != counted.events[cell]]
    if cells:
        off = sum(abs(truth.events[cell] - counted.events[cell]) for cell in cells)
        wrong.append(f"{len(cells)} counts by campaign and kind are off, by {off} events in all")
    far = [who for who, count in counted.people.items() if _far(truth.people.get(who, 0), count)]
    if far:
        wrong.append(f"people of {len(far)} campaigns are off by more than {_WITHIN:.0%}")
    return wrong


def _far(true: float, counted: float) -> bool:
    return abs(counted - true) > max(1, _WITHIN * true)

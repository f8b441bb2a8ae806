"""The last running total that each source has reported, so that only the difference from it counts.

A platform reports how often a post was seen so far, not how often since. The first total of a leaf, type,
kind and source counts whole; each next one, in the order of its time, what it is above the last, or takes
away what it is below. So what they count in the flight is the last one, whatever came before. Forgetting one
would count a whole total again: none is forgotten before its campaign is closed, and beyond a cap no new one
is begun.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from models.scopes import Leaf
from models.tally import Tally, add_each
from models.topics import EventType

A_LEAF = 10
"""How many totals a campaign may have for each leaf that it may have: kinds of engagement, sources."""


class Last(NamedTuple):
    """The last total, and its event's time (microseconds)."""

    time: int
    total: int


Totals = dict[str, dict[int, Last]]
"""The last totals by campaign and the hash of their names."""
Taken = dict[str, Tally]
"""What lower totals took away again, by campaign and name of the count; all that was added is more by it."""


def name_of(leaf: Leaf, event_type: EventType, kind: str, source: str) -> str:
    """Name a total within its campaign; of no source the text is empty, and any text may be one's."""
    return "|".join((*leaf[1:], event_type, kind, source))


def is_stale(last: Last | None, time: int) -> bool:
    """Return whether a total of a time is older than the last one, and changes nothing."""
    return last is not None and time < last.time


def newer(last: Last | None, other: Last) -> Last:
    """Return the total that comes later in time; of the same time, the other, which was reported later."""
    return other if last is None or not is_stale(last, other.time) else last


class RunningTotals:
    """The last totals of a shard's campaigns, `most` of each at most, and what lower ones took away."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._last: defaultdict[str, dict[int, Last]] = defaultdict(dict)
        self.taken: Taken = {}

    def __contains__(self, campaign: str) -> bool:
        """Return whether a total of a campaign is remembered."""
        return campaign in self._last

    def last(self, campaign: str, name: int) -> Last | None:
        """Return the last total of a name, by its hash."""
        return self._last[campaign].get(name) if campaign in self._last else None

    def has_room(self, campaign: str) -> bool:
        """Return whether a campaign may have one more."""
        return campaign not in self._last or len(self._last[campaign]) < self._most

    def note(self, campaign: str, name: int, last: Last) -> int:
        """Note a total that is not older than the last one; return how far it is above it."""
        before = self._last[campaign].get(name)
        self._last[campaign][name] = last
        return last.total - (before.total if before else 0)

    def take(self, taken: Mapping[str, Tally]) -> None:
        """Add to what lower totals took away."""
        add_each(self.taken, taken)

    def restore(self, totals: Mapping[str, Mapping[int, Last]]) -> None:
        """Take stored totals back; a stored one is kept, whatever the cap."""
        add_totals(self._last, totals)

    def close(self, campaigns: Iterable[str]) -> None:
        """Forget the totals of campaigns that are over."""
        for campaign in campaigns:
            self._last.pop(campaign, None)


def add_totals(into: Totals, later: Mapping[str, Mapping[int, Last]]) -> None:
    """Add the totals that were reported later: of each name the newer one stays."""
    for campaign, totals in later.items():
        known = into.setdefault(campaign, {})
        for name, last in totals.items():
            known[name] = newer(known.get(name), last)

"""Additive counts by name: what adds up over leaves, buckets, partitions and workers.

Names: `impressions`, `identified` (impressions with a usable person), `clicks`, `video_views`,
`interactions:<kind>`, `rated:<polarity>`, `judged` (interactions that can be told apart into organic and
suspicious), of these `suspicious:<reason>`, and `noted:<reason>` (organic ones that a rule reports). Of
orders: `orders:<kind>` (confirmed orders seen), `cancellations`, and net of these `conversions:<kind>`,
`attributed:<by>` (those whose influencer is known, by how), `valued:<kind>` (those that carry a revenue),
`revenue:<kind>:<currency>` (net of refunds, too; nanos).
Beside those of a campaign's flight `taken:<name>`: what lower totals took away from `<name>` again.
Of a source topic's records: `outcome:<outcome>`, `refused:<reason>`, `invalid:<campaign>|<type>|<reason>`,
`ignored:<field>` (taken as absent), `late`, `forwarded` (sent on to another shard), `lost` (deleted before
they were read), `evicted:<table>` (what rules of authenticity forgot for want of room); of their texts
`read:<campaign>|<model>` (by whichever model, with its version), and `unrated:<why>`
(models.sentiment.asking).

`squares:<name>` is Σn² over the events or orders that `<name>` sums up, each of which stands for n: for
`impressions`, `clicks`, `video_views`, `interactions` and `rated` (of every kind), `conversions:<kind>` and
`revenue:<kind>:<currency>`.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Literal, TypeVar, get_args

Tally = dict[str, int]
Count = TypeVar("Count")
Name = TypeVar("Name", bound=Hashable)
Outcome = Literal["counted", "duplicate", "stale", "refused", "invalid_traffic"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""What becomes of a record: each has one outcome."""


def add(into: Tally, other: Mapping[str, int], sign: int = 1) -> None:
    """Add another tally in place (or take it away with sign −1); zeros are not kept."""
    for name, count in other.items():
        total = into.get(name, 0) + sign * count
        if total:
            into[name] = total
        else:
            into.pop(name, None)


def merge(tallies: Iterable[Mapping[str, int]]) -> Tally:
    """Add tallies up into a new one."""
    total: Tally = {}
    for tally in tallies:
        add(total, tally)
    return total


def add_each(into: dict[Name, Tally], others: Mapping[Name, Mapping[str, int]]) -> None:
    """Add each of some tallies in place to the one of the same name, be it of a topic or of a leaf."""
    for name, other in others.items():
        add(into.setdefault(name, {}), other)


def merge_each(parts: Iterable[Mapping[Name, Mapping[str, int]]]) -> dict[Name, Tally]:
    """Add up the tallies of each name into new ones."""
    totals: dict[Name, Tally] = {}
    for tallies in parts:
        add_each(totals, tallies)
    return totals


def by_suffix(tally: Mapping[str, Count], prefix: str) -> dict[str, Count]:
    """Pick the counts of one family: `by_suffix(tally, "conversions")` gives them by kind."""
    start = f"{prefix}:"
    return {name[len(start) :]: count for name, count in tally.items() if name.startswith(start)}


def by_family(tally: Mapping[str, Count]) -> dict[str, dict[str, Count]]:
    """Pick the counts of every family at once: `by_family(tally)["conversions"]` has them by kind."""
    families: dict[str, dict[str, Count]] = {}
    for name, count in tally.items():
        family, suffix = _parts(name)
        if suffix:
            families.setdefault(family, {})[suffix] = count
    return families


@lru_cache(maxsize=4096)
def _parts(name: str) -> tuple[str, str]:
    family, _, suffix = name.partition(":")
    return family, suffix

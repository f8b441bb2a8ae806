"""Whose a fee or spend is: the influencer's contents seen so far bear it evenly.

A content's share is borne evenly by its channels, and a channel's by its formats. What stands for nothing
(`none`, `__other__`) bears a share only where nothing else was seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from models.campaigns.campaign import Cost
from models.scopes import ABSENT, ALL_SCOPES, OTHER, Leaf, ScopeKey, ScopeName, keys_among

Seen = Mapping[str, Mapping[str, Sequence[Leaf]]]
"""Leaves seen by content, by influencer."""
_BELOW_CONTENT = Leaf._fields.index("content") + 1
T = TypeVar("T")


def leaves_seen(leaves: Iterable[Leaf]) -> Seen:
    """Order a campaign's leaves by influencer and content."""
    seen: defaultdict[str, defaultdict[str, list[Leaf]]] = defaultdict(lambda: defaultdict(list))
    for leaf in leaves:
        seen[leaf.influencer][leaf.content].append(leaf)
    return seen


def seen_of(cost: Cost, seen: Seen) -> list[Leaf]:
    """List the leaves of whom a cost pays for: the influencer, or the content that it names."""
    posts = seen.get(cost.influencer, {})
    contents = posts if cost.content is None else [cost.content]
    return [leaf for content in contents for leaf in posts.get(content, ())]


def shares(
    campaign: str, cost: Cost, seen: Seen, scopes: frozenset[ScopeName] = frozenset(ALL_SCOPES)
) -> dict[ScopeKey, float]:
    """Return the share of a fee or spend that each key of some scopes bears.

    The campaign and the influencer bear all of it, whatever was seen; a content that is named, too.
    """
    found: defaultdict[ScopeKey, float] = defaultdict(float)
    posts = seen.get(cost.influencer, {})
    contents = list(_telling(posts)) if cost.content is None else [cost.content]
    borne_in_parts = scopes - {"campaign", "influencer"}
    keys_of = keys_among(borne_in_parts)
    for content in contents if borne_in_parts else ():
        for leaf, share in _over(posts.get(content, ()), 1 / len(contents)):
            for scope in keys_of(leaf):
                found[scope] += share
    if cost.content is not None:
        found[ScopeKey("content", (campaign, cost.influencer, cost.content))] = 1.0
    found[ScopeKey("influencer", (campaign, cost.influencer))] = 1.0
    found[ScopeKey("campaign", (campaign,))] = 1.0
    return found


def _over(leaves: Sequence[Leaf], amount: float, field: int = _BELOW_CONTENT) -> Iterator[tuple[Leaf, float]]:
    """Share an amount evenly over channels, and a channel's share over what tells its leaves apart."""
    if field == len(Leaf._fields):
        yield from ((leaf, amount) for leaf in leaves[:1])
        return
    groups: defaultdict[str, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        groups[leaf[field]].append(leaf)
    bearing = _telling(groups)
    for group in bearing.values():
        yield from _over(group, amount / len(bearing), field + 1)


def _telling(groups: Mapping[str, T]) -> Mapping[str, T]:
    """Keep the groups whose name says something; all, where none does."""
    return {name: group for name, group in groups.items() if name not in (ABSENT, OTHER)} or groups

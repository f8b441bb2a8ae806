"""Leaves and the scopes that they add up to."""

from typing import Literal, NamedTuple

from models.windows import WindowName

ScopeName = Literal["campaign", "influencer", "content", "channel"]


class Leaf(NamedTuple):
    """Where an event counts: the finest place."""

    campaign: str
    influencer: str
    content: str
    channel: str


class Scope(NamedTuple):
    """A place that KPIs are shown for: the kind, and its ids from the campaign down."""

    name: ScopeName
    ids: tuple[str, ...]


LABELS: dict[ScopeName, tuple[str, ...]] = {
    "campaign": ("campaign",),
    "influencer": ("campaign", "influencer"),
    "content": ("campaign", "influencer", "content"),
    "channel": ("campaign", "channel"),
}
WINDOWS: dict[ScopeName, tuple[WindowName, ...]] = {
    "campaign": ("5m", "1h", "24h", "flight"),
    "influencer": ("1h", "24h", "flight"),
    "content": ("24h", "flight"),
    "channel": ("5m", "1h", "24h", "flight"),
}


def scopes_of(leaf: Leaf) -> tuple[Scope, Scope, Scope, Scope]:
    """List the four scopes that a leaf belongs to."""
    return (
        Scope("campaign", (leaf.campaign,)),
        Scope("influencer", leaf[:2]),
        Scope("content", leaf[:3]),
        Scope("channel", (leaf.campaign, leaf.channel)),
    )

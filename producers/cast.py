"""The roles of the simulation: each influencer's contents, how much traffic they draw, how it behaves.

Everything follows from the campaign and the names in it, so that a restart plays the same roles.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from models.campaigns.campaign import Campaign
from models.kpis.catalogue import threshold


@dataclass(frozen=True, slots=True)
class Archetype:
    """How an influencer's audience behaves: rates per impression, conversions per click."""

    name: str
    traffic: float
    click_rate: float
    engagement_rate: float
    conversion_rate: float
    sentiment: tuple[float, float, float]
    channels: tuple[str, ...]


ARCHETYPES = (
    Archetype("star", 5.0, 0.009, 0.040, 0.025, (0.55, 0.33, 0.12), ("instagram", "tiktok")),
    Archetype("storyteller", 2.5, 0.018, 0.055, 0.045, (0.70, 0.25, 0.05), ("youtube",)),
    Archetype("trendsetter", 4.0, 0.007, 0.090, 0.018, (0.50, 0.35, 0.15), ("tiktok", "instagram")),
    Archetype("micro", 0.8, 0.030, 0.100, 0.060, (0.80, 0.17, 0.03), ("instagram",)),
    Archetype("inflated", 1.5, 0.003, 0.015, 0.008, (0.30, 0.50, 0.20), ("instagram",)),
    Archetype("critic", 1.2, 0.015, 0.070, 0.030, (0.25, 0.30, 0.45), ("youtube", "tiktok")),
)
_FORMATS = {
    "instagram": ("reel", "story", "post"),
    "tiktok": ("clip", "duet", "trend"),
    "youtube": ("video", "short", "live"),
}
_VIDEO_FORMATS = ("reel", "clip", "duet", "trend", "video", "short", "live")


@dataclass(frozen=True, slots=True)
class Role:
    """One content of one influencer on one channel, and the share of traffic that it draws."""

    campaign: Campaign
    influencer: str
    content: str
    channel: str
    archetype: Archetype
    traffic: float

    @property
    def format(self) -> str:
        """The format of the content: what its name begins with."""
        return self.content.split("-")[0]

    @property
    def is_video(self) -> bool:
        """Whether the content is watched."""
        return self.format in _VIDEO_FORMATS


def cast(campaigns: Iterable[Campaign]) -> tuple[Role, ...]:
    """Return every campaign's roles; all campaigns draw the same traffic in total.

    Influencers get the archetypes in turn, in the order in which the costs name them.
    """
    return tuple(role for campaign in campaigns for role in _cast_of(campaign))


def influencers_of(campaign: Campaign) -> list[str]:
    """List a campaign's influencers: those with costs first, in their order; three invented ones if none."""
    named = [cost.influencer for cost in campaign.costs] + sorted(campaign.influencers or ())
    return list(dict.fromkeys(named)) or ["influencer-1", "influencer-2", "influencer-3"]


def sells(campaign: Campaign) -> bool:
    """Return whether a campaign is about sales; otherwise it is about sign-ups, downloads and the like."""
    return campaign.thresholds.limit(threshold("roi")) is not None or any(
        cost.revenue_share for cost in campaign.costs
    )


def _cast_of(campaign: Campaign) -> Iterator[Role]:
    roles = [
        role
        for number, influencer in enumerate(influencers_of(campaign))
        for role in _roles(campaign, influencer, ARCHETYPES[number % len(ARCHETYPES)])
    ]
    whole = sum(role.traffic for role in roles)
    for role in roles:
        yield Role(
            role.campaign,
            role.influencer,
            role.content,
            role.channel,
            role.archetype,
            role.traffic / whole,
        )


def _roles(campaign: Campaign, influencer: str, archetype: Archetype) -> Iterator[Role]:
    chance = Random(f"{campaign.id}/{influencer}")
    for content, channels in _contents(campaign, influencer, archetype, chance):
        popularity = chance.lognormvariate(0.0, 0.5)
        for index, channel in enumerate(channels):
            traffic = archetype.traffic * popularity / (1 + 2 * index)
            yield Role(campaign, influencer, content, channel, archetype, traffic)


def _contents(
    campaign: Campaign, influencer: str, archetype: Archetype, chance: Random
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield contents with their channels: those with costs and two or three more; one is cross-posted."""
    main = archetype.channels[0]
    priced = [cost.content for cost in campaign.costs if cost.influencer == influencer and cost.content]
    usual = [f"{form}-{1 + chance.randrange(9)}" for form in _FORMATS[main][: chance.choice((2, 3))]]
    for number, content in enumerate(dict.fromkeys(priced + usual)):
        yield content, archetype.channels if number == 0 else (_channel_of(content, main),)


def _channel_of(content: str, main: str) -> str:
    form = content.split("-")[0]
    return next((channel for channel, forms in _FORMATS.items() if form in forms), main)

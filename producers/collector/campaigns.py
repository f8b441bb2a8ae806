"""What the collector knows of campaigns: the registry as it was last seen, and where each link leads."""

from collections.abc import Mapping
from typing import Protocol

from models.campaigns.campaign import Link
from models.campaigns.registry import Registry
from producers.collector.attribution import Attribution
from producers.collector.secrets import Secrets


class Watch(Protocol):
    """Who looks at the registry: the newest, what is wrong with it now, when it was seen (Unix seconds)."""

    current: Registry | None
    problem: str
    loaded_at: float | None


class Campaigns:
    """The campaigns, links and codes. Click ids live for `lifetime` microseconds."""

    def __init__(self, watch: Watch, secrets: Secrets, lifetime: int) -> None:
        self.watch = watch
        self.links: Mapping[str, tuple[str, Link]] = {}
        self._linked: set[tuple[str, str]] = set()
        self._keys = secrets.click_keys.all
        self._lifetime = lifetime
        self.attribution = Attribution.of((), self._keys, lifetime)
        if watch.current is not None:
            self.take(watch.current)

    def take(self, registry: Registry) -> None:
        """Go on with a newer registry."""
        campaigns = registry.campaigns.values()
        self.links = {link.id: (campaign.id, link) for campaign in campaigns for link in campaign.links}
        self._linked = {(campaign.id, link.influencer) for campaign in campaigns for link in campaign.links}
        self.attribution = Attribution.of(campaigns, self._keys, self._lifetime)

    def is_linked(self, campaign: str, influencer: str) -> bool:
        """Return whether an influencer of a campaign has a link."""
        return (campaign, influencer) in self._linked

    @property
    def known(self) -> bool:
        """Whether they were ever seen."""
        return self.watch.current is not None

    @property
    def sure(self) -> Registry | None:
        """The registry if it is as it is in Redis now; else a worker must judge by a newer one."""
        return None if self.watch.problem else self.watch.current

"""Target audiences by number, and who belongs to them.

A target is known by the fingerprint of its predicate and of the mark that the registry gave it: a changed
target starts with nobody, one that comes back, too.
"""

from collections.abc import Sequence
from typing import Any

from models.campaigns.registry import Registry
from models.campaigns.target import Matcher, fingerprint
from models.core.columns import Ints

NO_TARGET = -1


class Targets:
    """Every target seen; `names` lists their fingerprints by number."""

    def __init__(self, registry: Registry) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._of_campaign: dict[str, int] = {}
        self._matchers: dict[int, Matcher] = {}
        self.use(registry)

    def use(self, registry: Registry) -> None:
        """Take the targets of a changed registry."""
        self._of_campaign, self._matchers = {}, {}
        for campaign in registry.campaigns.values():
            if campaign.target is not None:
                since = registry.targets_since.get(campaign.id, 0)
                number = self.number(fingerprint(campaign.id, campaign.target, since))
                self._of_campaign[campaign.id] = number
                self._matchers[number] = Matcher(campaign.target)

    def number(self, name: str) -> int:
        """Return the number of a fingerprint."""
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]

    def of_campaign(self, campaign: str) -> int:
        """Return the number of a campaign's present target, or NO_TARGET."""
        return self._of_campaign.get(campaign, NO_TARGET)

    def matching(self, impressions: Sequence[Any], targets: Ints) -> Ints:
        """Return each impression's target where its audience belongs to it, else NO_TARGET.

        `targets` are the present targets of the impressions' campaigns.
        """
        matchers, found = self._matchers, targets.copy()
        outside = [
            index
            for index, (number, event) in enumerate(zip(targets.tolist(), impressions, strict=True))
            if number != NO_TARGET and not matchers[number](event.audience)
        ]
        found[outside] = NO_TARGET
        return found

"""Numbers for leaves: what is counted is kept in arrays, a row a leaf."""

from collections import defaultdict
from collections.abc import Sequence

from models.leaf import Leaf

OTHER = "__other__"
Place = tuple[str, str, str, str]
"""Campaign, influencer, content and channel: a leaf that may not be one yet."""


class Leaves:
    """All leaves seen, each with the number of its row.

    Beyond `most` leaves a campaign, new ones count under influencer, content and channel `__other__`.
    """

    def __init__(self, most: int) -> None:
        self.names: list[Leaf] = []
        self._most = most
        self._rows: dict[Place, int] = {}
        self._of_campaign: defaultdict[str, list[Leaf]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self.names)

    def of_campaign(self, campaign: str) -> list[Leaf]:
        """List a campaign's leaves, in the order in which they came."""
        return self._of_campaign.get(campaign, [])

    def campaigns(self) -> dict[str, int]:
        """Count the leaves of each campaign."""
        return {campaign: len(leaves) for campaign, leaves in self._of_campaign.items()}

    def row(self, leaf: Leaf) -> int | None:
        """Give the row of a leaf; None where nothing was counted there."""
        return self._rows.get(leaf)

    def rows(self, places: Sequence[Place]) -> list[int]:
        """Give the rows of places, new ones included."""
        known = self._rows.get
        return [self._place_new(Leaf(*place)) if (row := known(place)) is None else row for place in places]

    def restore(self, leaf: Leaf) -> int:
        """Give the row of a stored leaf; what was stored has its place, whatever the cap."""
        row = self._rows.get(leaf)
        return self._add(leaf) if row is None else row

    def _place_new(self, leaf: Leaf) -> int:
        if len(self.of_campaign(leaf.campaign)) >= self._most:
            return self.restore(Leaf(leaf.campaign, OTHER, OTHER, OTHER))
        return self._add(leaf)

    def _add(self, leaf: Leaf) -> int:
        row = self._rows[leaf] = len(self.names)
        self.names.append(leaf)
        self._of_campaign[leaf.campaign].append(leaf)
        return row

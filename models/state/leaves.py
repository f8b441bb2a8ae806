"""Rows for leaves: what is counted is kept in arrays, a row a leaf."""

from collections import defaultdict
from collections.abc import Iterable

from models.scopes import Leaf, other_leaf


class Leaves:
    """All leaves at which something was counted; `names` lists them by row.

    Beyond `most` leaves a campaign, new ones count under influencer, content and channel `__other__`.
    """

    def __init__(self, most: int) -> None:
        self.names: list[Leaf] = []
        self._most = most
        self._rows: dict[Leaf, int] = {}
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
        """Return the row of a leaf; None where nothing was counted."""
        return self._rows.get(leaf)

    def row_for(self, leaf: Leaf) -> int:
        """Return the row at which a leaf is counted, adding one where it has none."""
        row = self._rows.get(leaf)
        if row is not None:
            return row
        if len(self.of_campaign(leaf.campaign)) >= self._most:
            other = other_leaf(leaf.campaign)
            return self._rows[other] if other in self._rows else self._add(other)
        return self._add(leaf)

    def restore(self, leaves: Iterable[Leaf]) -> list[int]:
        """Return the rows of stored leaves; a stored leaf keeps a row of its own, whatever the cap."""
        return [self._rows[leaf] if leaf in self._rows else self._add(leaf) for leaf in leaves]

    def _add(self, leaf: Leaf) -> int:
        row = self._rows[leaf] = len(self.names)
        self.names.append(leaf)
        self._of_campaign[leaf.campaign].append(leaf)
        return row

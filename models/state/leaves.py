"""Numbers for leaves: what is counted is kept in arrays, a row a leaf."""

from collections import defaultdict

from models.events.places import ByPlace, Column, Ints
from models.scopes import Leaf, other_leaf


class Leaves:
    """All leaves seen, each with the number of its row.

    Beyond `most` leaves a campaign, new ones count under influencer, content and channel `__other__`.
    """

    def __init__(self, most: int) -> None:
        self.names: list[Leaf] = []
        self._most = most
        self._rows: dict[Leaf, int] = {}
        self._of_campaign: defaultdict[str, list[Leaf]] = defaultdict(list)
        self._of_place = ByPlace(self._row_for)

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

    def rows(self, places: Column) -> Ints:
        """Give the rows of places, new ones included."""
        return self._of_place(places)

    def restore(self, leaf: Leaf) -> int:
        """Give the row of a stored leaf; what was stored has its place, whatever the cap."""
        row = self._rows.get(leaf)
        if row is None:
            self._of_place.forget()  # it may have counted elsewhere
            return self._add(leaf)
        return row

    def _row_for(self, leaf: Leaf) -> int:
        row = self._rows.get(leaf)
        if row is not None:
            return row
        if len(self.of_campaign(leaf.campaign)) >= self._most:
            other = other_leaf(leaf.campaign)
            return self._rows[other] if other in self._rows else self._add(other)
        return self._add(leaf)

    def _add(self, leaf: Leaf) -> int:
        row = self._rows[leaf] = len(self.names)
        self.names.append(leaf)
        self._of_campaign[leaf.campaign].append(leaf)
        return row

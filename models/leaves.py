"""Numbers for leaves: what is counted is kept in arrays, a row a leaf."""

from collections import defaultdict

import numpy as np

from models.leaf import Leaf
from models.places import Column, Ints

OTHER = "__other__"


class Leaves:
    """All leaves seen, each with the number of its row.

    Beyond `most` leaves a campaign, new ones count under influencer, content and channel `__other__`.
    """

    def __init__(self, most: int) -> None:
        self.names: list[Leaf] = []
        self._most = most
        self._rows: dict[Leaf, int] = {}
        self._of_campaign: defaultdict[str, list[Leaf]] = defaultdict(list)
        self._places: list[Leaf] = []
        self._of_place: Ints = _none(0)

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
        self._follow(places.leaves)
        rows = self._of_place[places.numbers]
        for index in np.flatnonzero(rows < 0).tolist():
            number = places.numbers[index]
            rows[index] = self._of_place[number] = self._row_for(places.leaves[number])
        return rows

    def restore(self, leaf: Leaf) -> int:
        """Give the row of a stored leaf; what was stored has its place, whatever the cap."""
        row = self._rows.get(leaf)
        if row is None:
            self._of_place = _none(len(self._of_place))  # it may have counted elsewhere
            return self._add(leaf)
        return row

    def _follow(self, places: list[Leaf]) -> None:
        """Make room for the rows of all places."""
        if places is not self._places:
            self._places, self._of_place = places, _none(0)
        if len(places) > len(self._of_place):
            self._of_place = np.concatenate([self._of_place, _none(len(places) - len(self._of_place))])

    def _row_for(self, leaf: Leaf) -> int:
        row = self._rows.get(leaf)
        if row is not None:
            return row
        if len(self.of_campaign(leaf.campaign)) >= self._most:
            return self.restore(Leaf(leaf.campaign, OTHER, OTHER, OTHER))
        return self._add(leaf)

    def _add(self, leaf: Leaf) -> int:
        row = self._rows[leaf] = len(self.names)
        self.names.append(leaf)
        self._of_campaign[leaf.campaign].append(leaf)
        return row


def _none(places: int) -> Ints:
    return np.full(places, -1)

"""Leaves: where something counts now, and the rows of what is kept in arrays, a row a leaf."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import numpy as np

from models.core.columns import Ints, numbers
from models.core.growing import grown
from models.scopes import Leaf, ScopeKey, other_leaf
from models.state.places import Places
from models.state.sale_times import SaleTimes

_NO_ROW = -1
_NOTHING: Mapping[Leaf, int] = MappingProxyType({})


class Leaves:
    """All leaves at which something counts; `names` lists those that have a row.

    Events give a leaf a row for ever. Orders give none: a leaf that was seen through orders alone is one as
    long as the sale of one of them counts there. Beyond `most` leaves a campaign, new ones count under
    influencer, content and channel `__other__`. What is a leaf follows from what counts, and so does the
    room under the cap: it is the same after a replay. `campaign_names` lists the campaigns by number,
    `campaign_of_row` has the number of each row's, and `site_of_row` that of its site, of `sites` in all: a
    channel and format of a campaign, whoever the influencer (models.state.places).
    """

    def __init__(self, most: int) -> None:
        self.names: list[Leaf] = []
        self.campaign_names: list[str] = []
        self._campaign_numbers: dict[str, int] = {}
        self.campaign_of_row, self.site_of_row = np.zeros(64, np.int32), np.zeros(64, np.int32)
        self.sites = 0
        self._most = most
        self._sales: dict[Leaf, SaleTimes] = {}
        self._places: defaultdict[str, Places] = defaultdict(lambda: Places(self._new_site))
        # The row of each leaf, or _NO_ROW of one that has but sales.
        self._of_campaign: defaultdict[str, dict[Leaf, int]] = defaultdict(dict)
        self._made_room = self._vanished = False

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, leaf: Leaf) -> bool:
        """Return whether something counts at a leaf."""
        return leaf in self._known(leaf)

    def of_campaign(self, campaign: str) -> list[Leaf]:
        """List a campaign's leaves, in the order in which they came."""
        return list(self._of_campaign.get(campaign, ()))

    def places(self, campaign: str) -> Places:
        """Return a campaign's leaves as columns."""
        return self._places[campaign]

    def number_of(self, key: ScopeKey) -> int | None:
        """Return the number of a key among those of its campaign and scope; None where it has none."""
        places = self._places.get(key.ids[0])
        return places.number(key) if places else None

    def campaigns(self) -> dict[str, int]:
        """Count the leaves of each campaign."""
        return {campaign: len(leaves) for campaign, leaves in self._of_campaign.items()}

    def first_sale(self, leaf: Leaf) -> int | None:
        """Return the time (microseconds) of the first sale that counts at a leaf; None where none does."""
        sales = self._sales.get(leaf)
        return sales.first if sales else None

    def campaign_number(self, campaign: str) -> int:
        """Return the number of a campaign, whether or not it has leaves."""
        if campaign not in self._campaign_numbers:
            self._campaign_numbers[campaign] = len(self.campaign_names)
            self.campaign_names.append(campaign)
        return self._campaign_numbers[campaign]

    def row(self, leaf: Leaf) -> int | None:
        """Return the row of a leaf; None where no event was counted."""
        row = self._known(leaf).get(leaf, _NO_ROW)
        return None if row == _NO_ROW else row

    def row_for(self, leaf: Leaf) -> int:
        """Return the row at which a leaf is counted, adding one where it has none."""
        return self._row_for(self.place(leaf))

    def place(self, leaf: Leaf) -> Leaf:
        """Return the leaf that counts what comes at a leaf: itself, or `__other__` where there is no room."""
        known = self._known(leaf)
        return leaf if leaf in known or len(known) < self._most else other_leaf(leaf.campaign)

    def restore(self, leaves: Iterable[Leaf]) -> list[int]:
        """Return the rows of stored leaves; a stored leaf keeps a row of its own, whatever the cap."""
        return list(map(self._row_for, leaves))

    def sell(self, leaf: Leaf, time: int) -> None:
        """Note that the sale of an order counts at a leaf."""
        self._sales.setdefault(leaf, SaleTimes()).add(time)
        self._of_campaign[leaf.campaign].setdefault(leaf, _NO_ROW)

    def sell_here(self, leaves: Iterable[Leaf], times: Iterable[int]) -> None:
        """Note that sales of orders count at leaves where something counts already."""
        sales = self._sales
        for leaf, time in zip(leaves, times, strict=True):
            if leaf in sales:
                sales[leaf].add(time)
            else:
                self.sell(leaf, time)

    def unsell(self, leaf: Leaf, time: int) -> None:
        """Note that such a sale counts there no more."""
        sales = self._sales[leaf]
        sales.remove(time)
        if sales:
            return
        del self._sales[leaf]
        if self.row(leaf) is None:
            self._vanish(leaf)

    def close(self, campaigns: Collection[str]) -> tuple[Ints, Ints]:
        """Keep the leaves of campaigns whose orders are forgotten; return their rows and first sales."""
        leaves = [leaf for leaf in self._sales if leaf.campaign in campaigns]
        firsts = [self._sales.pop(leaf).first for leaf in leaves]
        return numbers(self.restore(leaves)), numbers(firsts)

    def take_made_room(self) -> bool:
        """Return, once, whether a leaf vanished where others had been sent to `__other__`."""
        made, self._made_room = self._made_room, False
        return made

    def take_vanished(self) -> bool:
        """Return, once, whether a leaf vanished."""
        vanished, self._vanished = self._vanished, False
        return vanished

    def _known(self, leaf: Leaf) -> Mapping[Leaf, int]:
        """Return the leaves of the same campaign."""
        return self._of_campaign.get(leaf.campaign, _NOTHING)

    def _vanish(self, leaf: Leaf) -> None:
        known = self._of_campaign[leaf.campaign]
        del known[leaf]
        self._vanished = True
        self._made_room |= other_leaf(leaf.campaign) in known
        if not known:
            del self._of_campaign[leaf.campaign]

    def _row_for(self, leaf: Leaf) -> int:
        row = self.row(leaf)
        return self._add(leaf) if row is None else row

    def _add(self, leaf: Leaf) -> int:
        row = self._of_campaign[leaf.campaign][leaf] = len(self.names)
        self.names.append(leaf)
        if row >= len(self.campaign_of_row):
            self.campaign_of_row = grown(self.campaign_of_row, row)
            self.site_of_row = grown(self.site_of_row, row)
        self.campaign_of_row[row] = self.campaign_number(leaf.campaign)
        self.site_of_row[row] = self._places[leaf.campaign].add(leaf, row)
        return row

    def _new_site(self) -> int:
        self.sites += 1
        return self.sites - 1

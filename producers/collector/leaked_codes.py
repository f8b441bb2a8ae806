"""Codes that leak: used often, though nobody clicks a link of the influencer whose code it is.

An influencer who has a link and a code normally brings clicks with the orders. Where many orders come by the
code and no click came for a day, others likely pass the code on, coupon sites for instance.

How sure that is: it is a hint to look, no proof. Only what this process of the collector has seen counts:
clicks that come through other collectors, or straight onto the topics, are not known to it, and it starts
with nothing. So nothing is said of influencers without a registered link, nor of campaigns of which it has
seen no click at all. Reports of orders are counted, repeated ones, too.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.times import DAY

MANY = 20
"""So many reports of orders by code, in one to two days, are too many to come without a click."""
LEAKED = "leaked_code"
"""The note that an order's code seems leaked."""

_MOST = 10_000
_Name = tuple[str, ...]


@dataclass(slots=True)
class _Day:
    clicks: Counter[_Name] = field(default_factory=Counter)
    orders: Counter[_Name] = field(default_factory=Counter)

    def add(self, counts: Counter[_Name], name: _Name) -> None:
        """Count one; a name that is new once there are too many is not counted."""
        if name in counts or len(self.clicks) + len(self.orders) < _MOST:
            counts[name] += 1


@dataclass(slots=True)
class LeakedCodes:
    """Counts clicks and orders by code, by influencer, of today and the day before; at most 20 000 names.

    `is_linked` tells whether an influencer of a campaign has a registered link. Times are in microseconds.
    """

    is_linked: Callable[[str, str], bool]
    _today: _Day = field(default_factory=_Day)
    _before: _Day = field(default_factory=_Day)
    _day: int = 0

    def observe(self, event: Mapping[str, Any], now: int) -> bool:
        """Count an event that was accepted; return whether it is an order whose code seems leaked."""
        self._turn(now // DAY)
        name = (event.get("campaign_id", ""), event.get("influencer_id", ""))
        if event.get("type") == "click":
            self._today.add(self._today.clicks, name)
            self._today.add(self._today.clicks, name[:1])
        if event.get("attributed_by") != "code" or not self.is_linked(*name):
            return False
        self._today.add(self._today.orders, name)
        orders = self._today.orders[name] + self._before.orders[name]
        return orders >= MANY and self._clicks(name[:1]) > 0 and self._clicks(name) == 0

    def _clicks(self, name: _Name) -> int:
        return self._today.clicks[name] + self._before.clicks[name]

    def _turn(self, day: int) -> None:
        """Begin a new day; where one passed without any event, nothing is left of those before.

        A request that began before midnight may end after one that began later: it counts to the new day.
        """
        if day > self._day:
            self._before = self._today if day == self._day + 1 else _Day()
            self._today, self._day = _Day(), day

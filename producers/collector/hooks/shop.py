"""What every shop's webhook has in common: orders that are attributed, sold and taken back."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from models.scopes import ABSENT, Leaf
from producers.collector.attribution import Attributed, Attribution, Claim, campaigns_to_tell
from producers.collector.click import CLICK_ID
from producers.collector.incoming import Translated
from producers.collector.orders import Adjusting, Money, Order, adjustment, derived_id, sale
from producers.collector.secrets import Hook

CODE = "kpi_code"
"""What a code is called in metadata, where a shop does not tell which it took."""

FORGOTTEN = "forgotten_order"
"""The note on an order that is told once its campaign is over: it may have been counted, and none knows."""
RENEWAL = "renewal"
"""The note on the later orders of a subscription: whoever recommended it won its first."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an order brings to be attributed by."""

    click_id: str | None = None
    codes: tuple[str, ...] = ()


NOTHING = Brought()


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that is known by the name in its webhook's address."""

    name: str
    hook: Hook
    attribution: Attribution
    now: int

    def sold(self, order: Order, brought: Brought, money: Money | None, told: str = "sold") -> Translated:
        """Return the sale, where it counts anywhere; `told` differs where others tell other revenue of it.

        Shops tell an order again with each change of it, for years. Workers know it again until its campaign
        is over, and not after.
        """
        campaign, influencer = self.hook.campaign, self.hook.influencer
        declared = Leaf(campaign, influencer or ABSENT, ABSENT, ABSENT) if campaign else None
        attributed, notes = self._attributed(order, brought, declared)
        if attributed.leaf is None:
            return Translated((), (*notes, "no_campaign"))
        if self.attribution.is_over(attributed.leaf.campaign, self.now):
            return Translated((), (*notes, FORGOTTEN))
        return Translated((sale(order, attributed, self._event_id(order, told), money),), notes)

    def took_back(
        self,
        order: Order,
        brought: Brought,
        status: Adjusting,
        at: int,
        part: str = "",
        money: Money | None = None,
    ) -> Translated:
        """Return what takes an order back, or the `part` of it that has this name, at a time."""
        attributed, _ = self._attributed(order, brought, None)
        campaigns = campaigns_to_tell(attributed, self.hook.served)
        if not campaigns:
            return Translated((), ("no_campaign",))
        event_id = self._event_id(order, status, part)
        then = replace(order, at=at)
        return Translated(tuple(adjustment(then, one, status, event_id, money) for one in campaigns))

    def _attributed(
        self, order: Order, brought: Brought, declared: Leaf | None
    ) -> tuple[Attributed, tuple[str, ...]]:
        """Return whose an order is, with all that is noted: what it brings must not cost it."""
        click, notes = self.attribution.click(brought.click_id, order.at)
        claim = Claim(order.at, click, brought.codes, declared, self.hook.served)
        attributed = self.attribution.attribute(claim)
        return attributed, notes + attributed.notes

    def _event_id(self, order: Order, *told: str) -> str:
        return derived_id(self.hook.kind, self.name, order.id or "", *told)


def together(*parts: Translated) -> Translated:
    """Join what several parts of one request say."""
    return Translated(
        tuple(event for part in parts for event in part.events),
        tuple(note for part in parts for note in part.notes),
    )


def noted(note: str) -> Translated:
    """Return that a request says nothing for us, and why."""
    return Translated((), (note,))


def click_id_of(address: str | None) -> str | None:
    """Return the click id in the query of the address that somebody came to first."""
    try:
        query = dict(parse_qsl(urlsplit(address or "").query))
    except ValueError:
        return None
    return query.get(CLICK_ID)

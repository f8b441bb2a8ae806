"""Whose an order is: by its click id, else by its code, else as its sender declares, else nobody's.

Nothing is remembered: a click id says all by itself, and codes are registered with campaigns. A click id that
is forged, expired or of a later time than the order, and a code that nobody registered or that is not valid
when the order is placed, attribute nothing and are noted. Where click and code name different influencers,
the click wins and the conflict is noted: codes are passed on by others, signed clicks are not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from pydantic import SecretStr

from models.campaigns.campaign import Campaign, Code, code_key
from models.scopes import ABSENT, Leaf
from models.times import MINUTE
from producers.collector.click import utm_parameters
from producers.collector.click_ids import BadClickId, Click, ClickIds

Utm = tuple[str | None, ...]
"""The UTM parameters that tell links apart, as far as their addresses do not say the same of several."""
AttributedBy = Literal["click_id", "code", "declared"]

# Clocks of shops and ours differ: an event's time may be so much off, as in models.admission.
_CLOCKS_DIFFER = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Owned:
    """A code, and the campaign that registered it."""

    campaign: str
    code: Code

    @property
    def leaf(self) -> Leaf:
        """Where its orders count."""
        return Leaf(self.campaign, self.code.influencer, self.code.content or ABSENT, ABSENT)

    def is_valid(self, at: int | None) -> bool:
        """Return whether it holds at a time; whenever it was where that is not told."""
        return at is None or (self.code.from_ <= at and (self.code.to is None or at < self.code.to))


@dataclass(frozen=True, slots=True)
class Claim:
    """What an order of the time `at` (None: not told) brings to be attributed by.

    `served` are the campaigns that its sender may speak of, None: any. `declared` is what the sender says of
    itself; a leaf without an influencer names the campaign alone.
    """

    at: int | None
    click: Click | None = None
    codes: tuple[str, ...] = ()
    declared: Leaf | None = None
    served: frozenset[str] | None = None

    def may(self, campaign: str) -> bool:
        """Return whether the sender may speak of a campaign."""
        return self.served is None or campaign in self.served


@dataclass(frozen=True, slots=True)
class Attributed:
    """Where an order counts, None: in no campaign that we know of; by what; and what is noted beside."""

    leaf: Leaf | None
    by: AttributedBy | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """What orders are attributed by, at one version of the registry."""

    click_ids: ClickIds
    codes: Mapping[str, tuple[Owned, ...]]
    by_utm: Mapping[Utm, Leaf]
    counts_until: Mapping[str, int]

    @classmethod
    def of(cls, campaigns: Iterable[Campaign], keys: tuple[SecretStr, ...], lifetime: int) -> "Attribution":
        """Prepare for the registered campaigns; click ids live for `lifetime` microseconds."""
        links: dict[tuple[str, str], Leaf] = {}
        codes: dict[str, tuple[Owned, ...]] = {}
        by_utm: dict[Utm, Leaf] = {}
        counts_until: dict[str, int] = {}
        for campaign in campaigns:
            counts_until[campaign.id] = campaign.counts_until
            for link in campaign.links:
                leaf = links[campaign.id, link.id] = link.leaf(campaign.id)
                utm = utm_of(utm_parameters(campaign.id, link))
                by_utm[utm] = _common(by_utm.get(utm, leaf), leaf)
            for code in campaign.codes:
                codes[code.key] = (*codes.get(code.key, ()), Owned(campaign.id, code))
        return cls(ClickIds(keys, links, lifetime), codes, by_utm, counts_until)

    def is_over(self, campaign: str, now: int) -> bool:
        """Return whether nothing of a campaign counts any more, and workers may have forgotten its orders."""
        return now >= self.counts_until.get(campaign, now + 1)

    def click(self, text: str | None, at: int | None) -> tuple[Click | None, tuple[str, ...]]:
        """Read a click id that must not cost an order: one that is bad is a note."""
        if text is None:
            return None, ()
        try:
            return self.click_ids.read(text, at), ()
        except BadClickId as error:
            return None, (error.reason,)

    def attribute(self, claim: Claim) -> Attributed:
        """Return whose an order is."""
        click, click_notes = _fitting(claim)
        owned, code_notes = self._owner(claim, click)
        notes = click_notes + code_notes
        if click is not None and click.is_placed:
            differ = owned is not None and owned.leaf[:2] != click.leaf[:2]
            return Attributed(click.leaf, "click_id", notes + (("conflict",) if differ else ()))
        if owned is not None:
            return Attributed(owned.leaf, "code", notes)
        declared = _declared(claim, click)
        if declared is None or not claim.may(declared.campaign):
            return Attributed(None, None, notes)
        return Attributed(declared, "declared" if declared.influencer != ABSENT else None, notes)

    def _owner(self, claim: Claim, click: Click | None) -> tuple[Owned | None, tuple[str, ...]]:
        """Find the owner of the first code that is valid; several owners of one code are nobody."""
        notes: list[str] = []
        owners: list[Owned] = []
        for code in claim.codes:
            known = [one for one in self.codes.get(code_key(code), ()) if claim.may(one.campaign)]
            valid = _of_one_campaign([one for one in known if one.is_valid(claim.at)], claim, click)
            owners += valid if len(valid) == 1 else []
            if len(valid) != 1:
                notes.append("ambiguous_code" if valid else "expired_code" if known else "unknown_code")
        if len({one.leaf[:2] for one in owners}) > 1:
            notes.append("several_codes")
        return owners[0] if owners else None, tuple(notes)


def utm_of(parameters: Mapping[str, str]) -> Utm:
    """Return the UTM parameters that tell a link from others."""
    return tuple(parameters.get(name) for name in ("utm_campaign", "utm_source", "utm_medium", "utm_content"))


def _common(one: Leaf, other: Leaf) -> Leaf:
    """Return what two leaves share, from the campaign down."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=True))
    names = [name for name, _ in same]
    return Leaf(*names, *[ABSENT] * (len(one) - len(names)))


def campaigns_to_tell(attributed: Attributed, served: frozenset[str] | None) -> tuple[str, ...]:
    """List the campaigns that must hear of an order taken back: its own, else all that its sender speaks of.

    It counts only where the order is.
    """
    return (attributed.leaf.campaign,) if attributed.leaf else tuple(sorted(served or ()))


def _declared(claim: Claim, click: Click | None) -> Leaf | None:
    """Return what the sender declares, unless a click, whose link is gone, tells of another campaign."""
    said = claim.declared
    if click is None or (said is not None and said.campaign == click.leaf.campaign):
        return said
    return click.leaf


def _fitting(claim: Claim) -> tuple[Click | None, tuple[str, ...]]:
    """Return the click if it may attribute this order."""
    if claim.click is None:
        return None, ()
    if not claim.may(claim.click.leaf.campaign):
        return None, ("other_campaign",)
    if claim.at is not None and claim.click.time > claim.at + _CLOCKS_DIFFER:
        return None, ("click_after_order",)
    return claim.click, () if claim.click.is_placed else ("unknown_link",)


def _of_one_campaign(owners: list[Owned], claim: Claim, click: Click | None) -> list[Owned]:
    """Of owners in several campaigns, keep the one in the campaign that click or sender name."""
    named = click.leaf.campaign if click else claim.declared.campaign if claim.declared else None
    return [one for one in owners if one.campaign == named] or owners

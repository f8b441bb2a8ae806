"""What a campaign file changes in the registry's document: campaigns by id, cards by name, rates."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from models.campaigns.campaign import BUILT_IN_CARD_NAME, Campaign
from models.campaigns.file import suggestion
from models.campaigns.target import fingerprint
from models.campaigns.yaml_data import Path

Document = dict[str, Any]


class RegistryRefused(Exception):
    """A change that the registry does not take: the path in what was declared, and the rule."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {rule}")
        self.path = path
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write did: by campaign id; to cards and rates, in words; `notes` are for whoever did it."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def empty_document() -> Document:
    """Give the document of a registry that knows nothing."""
    return {"version": 0, "currency_rates": None, "emv_cards": {}, "campaigns": {}}


def merge(document: Document, declared: Document, now: int, *, prune: bool) -> Changes:
    """Put a valid declaration into a registry's document; `now` is in microseconds.

    Raises:
        RegistryRefused: a running campaign's currency would change, or a card is not known.

    """
    changes = Changes()
    for index, campaign in enumerate(declared.get("campaigns") or []):
        _merge_campaign(document["campaigns"], ("campaigns", index), campaign, now, changes)
    _merge_others(document, declared, changes)
    _require_cards(document, declared)
    if prune:
        named = {campaign["id"] for campaign in declared.get("campaigns") or []}
        changes.removed.extend(name for name in document["campaigns"] if name not in named)
        for name in changes.removed:
            del document["campaigns"][name]
    return changes


def _merge_campaign(known: Document, path: Path, campaign: Document, now: int, changes: Changes) -> None:
    name = campaign["id"]
    before = known.get(name)
    if before is None:
        changes.added.append(name)
    elif before == campaign:
        changes.unchanged.append(name)
    else:
        changes.replaced.append(name)
        changes.notes.extend(_compare(path, before, campaign, now))
    known[name] = campaign


def _compare(path: Path, known: Document, declared: Document, now: int) -> list[str]:
    try:
        before = Campaign.model_validate(known)
    except ValidationError:
        return []
    after = Campaign.model_validate(declared)
    if before.status(now) == "scheduled":
        return []
    if after.currency != before.currency:
        rule = f"its currency cannot change (from {before.currency}): the flight has begun"
        raise RegistryRefused((*path, "currency"), rule)
    return _compare_targets(before, after)


def _compare_targets(before: Campaign, after: Campaign) -> list[str]:
    """Tell what a changed audience does to what was counted; the size only divides."""
    if after.target is None:
        return [f"{before.id}: has no target any more: target reach is not shown"] if before.target else []
    if before.target is None:
        return [f"{before.id}: has a target now: target reach counts from now"]
    if fingerprint(before.id, before.target) != fingerprint(after.id, after.target):
        return [f"{before.id}: the target's audience changed: target reach starts again from now"]
    return []


def _merge_others(document: Document, declared: Document, changes: Changes) -> None:
    for name, card in (declared.get("emv_cards") or {}).items():
        before = document["emv_cards"].get(name)
        if before != card:
            changes.others.append(f"{'replaced' if before else 'added'} EMV card {name}")
        document["emv_cards"][name] = card
    rates = declared.get("currency_rates")
    if rates and rates != document["currency_rates"]:
        changes.others.append(f"{'replaced' if document['currency_rates'] else 'added'} currency rates")
        document["currency_rates"] = rates


def _require_cards(document: Document, declared: Document) -> None:
    cards = sorted({BUILT_IN_CARD_NAME, *document["emv_cards"]})
    for index, campaign in enumerate(declared.get("campaigns") or []):
        card = campaign.get("emv_card", BUILT_IN_CARD_NAME)
        if card not in cards:
            rule = f"no such card{suggestion(card, cards)} (known: {', '.join(cards)})"
            raise RegistryRefused(("campaigns", index, "emv_card"), rule)

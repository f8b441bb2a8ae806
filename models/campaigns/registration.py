"""What a campaign file changes in the registry's document: campaigns by id, EMV cards by name, rates."""

from dataclasses import dataclass, field

from models.campaigns.campaign import BUILT_IN_CARD_NAME, Campaign
from models.campaigns.document import JsonObject, read_campaign
from models.campaigns.target import fingerprint
from models.campaigns.wording import suggestion
from models.campaigns.yaml_data import Path


class RegistryRefused(Exception):
    """The registry does not take a change: the path in what was declared, and the rule that it breaks."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {rule}")
        self.path = path
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed: campaigns by id, cards and rates in words; `notes` are for whoever wrote."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def merge(document: JsonObject, declared: JsonObject, now: int, *, prune: bool) -> Changes:
    """Merge a valid declaration into a registry's document; `now` is in microseconds.

    Raises:
        RegistryRefused: a running campaign's currency would change, or a campaign names an unknown card.

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


def _merge_campaign(known: JsonObject, path: Path, campaign: JsonObject, now: int, changes: Changes) -> None:
    name = campaign["id"]
    if name not in known:
        changes.added.append(name)
    elif known[name] == campaign:
        changes.unchanged.append(name)
    else:
        changes.replaced.append(name)
        before, _ = read_campaign(name, known[name])
        if before is not None and before.status(now) != "scheduled":
            changes.notes.extend(_compare(path, before, Campaign.model_validate(campaign)))
    known[name] = campaign


def _compare(path: Path, before: Campaign, after: Campaign) -> list[str]:
    if after.currency != before.currency:
        rule = f"its currency cannot change (from {before.currency}): the flight has begun"
        raise RegistryRefused((*path, "currency"), rule)
    return _compare_targets(before, after)


def _compare_targets(before: Campaign, after: Campaign) -> list[str]:
    """Say what a changed audience does to what was counted; the size only divides."""
    if after.target is None:
        return [f"{before.id}: has no target any more: target reach is not shown"] if before.target else []
    if before.target is None:
        return [f"{before.id}: has a target now: target reach counts from now"]
    if fingerprint(before.id, before.target) != fingerprint(after.id, after.target):
        return [f"{before.id}: the target's audience changed: target reach starts again from now"]
    return []


def _merge_others(document: JsonObject, declared: JsonObject, changes: Changes) -> None:
    for name, card in (declared.get("emv_cards") or {}).items():
        before = document["emv_cards"].get(name)
        if before != card:
            changes.others.append(f"{'replaced' if before else 'added'} EMV card {name}")
        document["emv_cards"][name] = card
    rates = declared.get("currency_rates")
    if rates and rates != document["currency_rates"]:
        changes.others.append(f"{'replaced' if document['currency_rates'] else 'added'} currency rates")
        document["currency_rates"] = rates


def _require_cards(document: JsonObject, declared: JsonObject) -> None:
    cards = sorted({BUILT_IN_CARD_NAME, *document["emv_cards"]})
    for index, campaign in enumerate(declared.get("campaigns") or []):
        card = campaign.get("emv_card", BUILT_IN_CARD_NAME)
        if card not in cards:
            rule = f"no such card{suggestion(card, cards)} (known: {', '.join(cards)})"
            raise RegistryRefused(("campaigns", index, "emv_card"), rule)

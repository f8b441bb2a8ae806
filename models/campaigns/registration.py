"""What a campaign file changes in the registry's document: campaigns by id, EMV cards by name, rates."""

from dataclasses import dataclass, field

from models.campaigns.campaign import BUILT_IN_CARD_NAME, Campaign
from models.campaigns.consequences import REBUILD, consequences
from models.campaigns.differences import differences
from models.campaigns.document import JsonObject, read_campaign, read_document
from models.campaigns.history import remember
from models.campaigns.money import exchange_rate
from models.campaigns.rates import NoCommonCurrency, merge_rates
from models.campaigns.wording import suggestion
from models.campaigns.yaml_data import Path

_MOST_NAMED = 10


class RegistryRefused(Exception):
    """The registry does not take a change: the path in what was declared, and the rule that it breaks."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{'.'.join(map(str, path))}: {rule}")
        self.path = path
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed: campaigns by id, cards and rates in words; `notes` are for whoever wrote.

    `differences` lists the changed fields of each campaign that was replaced.
    """

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    differences: dict[str, list[str]] = field(default_factory=dict)


def merge(document: JsonObject, declared: JsonObject, now: int, *, prune: bool) -> Changes:
    """Merge a valid declaration into a registry's document; `now` is in microseconds.

    Raises:
        RegistryRefused: a running campaign's currency would change, a campaign names an unknown card, a link
            is another campaign's, or rates on another base cannot be converted.

    """
    changes = Changes()
    _remember_all(document)
    mark = max(document["version"] + 1, now // 1000)
    for index, campaign in enumerate(declared.get("campaigns") or []):
        _merge_campaign(document, ("campaigns", index), campaign, now, mark, changes)
    if prune:
        named = {campaign["id"] for campaign in declared.get("campaigns") or []}
        changes.removed.extend(name for name in document["campaigns"] if name not in named)
        for name in changes.removed:
            del document["campaigns"][name]
    _merge_cards(document, declared, changes)
    _merge_rates(document, declared, changes)
    _require_cards(document, declared)
    _require_own_links(document, declared)
    changes.notes.extend(_missing_rates(document, declared))
    return changes


def remove(document: JsonObject, campaign: str) -> bool:
    """Take a campaign out of a registry's document, which remembers its id; return whether it was there."""
    _remember_all(document)
    was_there = campaign in document["campaigns"]
    document["campaigns"].pop(campaign, None)
    return was_there


def _remember_all(document: JsonObject) -> None:
    """Note the targets of campaigns that a release registered which did not remember them."""
    for name, declared in document["campaigns"].items():
        known, _ = read_campaign(name, declared)
        if name not in document["history"] and known is not None:
            remember(document["history"], known, 0)


def _merge_campaign(
    document: JsonObject, path: Path, campaign: JsonObject, now: int, mark: int, changes: Changes
) -> None:
    known, name, after = document["campaigns"], campaign["id"], Campaign.model_validate(campaign)
    was_registered = name in document["history"]
    another_target = remember(document["history"], after, mark)
    if name not in known:
        changes.added.append(name)
        if was_registered:
            rule = "was registered before and deleted: it goes on with what was counted then"
            changes.notes.append(f"{name}: {rule}; {REBUILD}")
    elif known[name] == campaign:
        changes.unchanged.append(name)
    else:
        changes.replaced.append(name)
        before, _ = read_campaign(name, known[name])
        if before is not None:
            changes.differences[name] = differences(known[name], campaign, after.time_zone)
            _require_currency(path, before, after, now)
            changes.notes.extend(consequences(before, after, now, another_target=another_target))
    known[name] = campaign


def _require_currency(path: Path, before: Campaign, after: Campaign, now: int) -> None:
    if after.currency != before.currency and before.status(now) != "scheduled":
        rule = f"its currency cannot change (from {before.currency}): the flight has begun"
        raise RegistryRefused((*path, "currency"), rule)


def _merge_cards(document: JsonObject, declared: JsonObject, changes: Changes) -> None:
    for name, card in (declared.get("emv_cards") or {}).items():
        before = document["emv_cards"].get(name)
        if before is not None and before != card:
            changes.others.append(f"replaced EMV card {name}")
            changes.others.extend(f"  {line}" for line in differences(before, card))
            users = [one.id for one in _readable(document) if one.emv_card == name]
            changes.notes.extend([f"EMV card {name}: restated is EMV of {_listed(users)}"] if users else [])
        elif before is None:
            changes.others.append(f"added EMV card {name}")
        document["emv_cards"][name] = card


def _merge_rates(document: JsonObject, declared: JsonObject, changes: Changes) -> None:
    rates = declared.get("currency_rates")
    if not rates:
        return
    try:
        merged, changed = merge_rates(document["currency_rates"], rates)
    except NoCommonCurrency as error:
        raise RegistryRefused(("currency_rates", "base"), str(error)) from None
    if merged == document["currency_rates"]:
        return
    is_new = document["currency_rates"] is None
    document["currency_rates"] = merged
    changes.others.append(f"{'added' if is_new else 'changed'} currency rates")
    changes.others.extend(f"  {change}" for change in changed)
    changes.notes.extend(
        f"the rate of {change.currency} is older than the one before ({change.before[1]})"
        for change in changed
        if change.before is not None and change.is_older
    )
    users = [one.id for one in _readable(document)]
    if changed and not is_new and users:
        what = "revenue, EMV and what follows from them, as far as amounts are converted"
        changes.notes.append(f"currency rates: restated are {what}, of {_listed(users)}")


def _missing_rates(document: JsonObject, declared: JsonObject) -> list[str]:
    """Name the rates without which declared campaigns show less than they could."""
    read = read_document(document)
    rates = read.currency_rates
    notes = []
    for name in (campaign["id"] for campaign in declared.get("campaigns") or []):
        campaign = read.campaigns[name]
        card = read.emv_cards.get(campaign.emv_card)
        if card is not None and exchange_rate(rates, card.currency, campaign.currency) is None:
            rule = f"its EMV card is in {card.currency}, and no rate converts that to {campaign.currency}"
            notes.append(f"{name}: {rule}: it shows no EMV")
        if rates is not None and exchange_rate(rates, rates.base, campaign.currency) is None:
            rule = f"no rate of {campaign.currency} is registered: sales in another currency are refused"
            notes.append(f"{name}: {rule}")
    return notes


def _readable(document: JsonObject) -> list[Campaign]:
    found = (read_campaign(name, declared)[0] for name, declared in sorted(document["campaigns"].items()))
    return [campaign for campaign in found if campaign is not None]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _require_cards(document: JsonObject, declared: JsonObject) -> None:
    cards = sorted({BUILT_IN_CARD_NAME, *document["emv_cards"]})
    for index, campaign in enumerate(declared.get("campaigns") or []):
        card = campaign.get("emv_card", BUILT_IN_CARD_NAME)
        if card not in cards:
            rule = f"no such card{suggestion(card, cards)} (known: {', '.join(cards)})"
            raise RegistryRefused(("campaigns", index, "emv_card"), rule)


def _require_own_links(document: JsonObject, declared: JsonObject) -> None:
    """Refuse a link whose id another campaign's link has: one address leads to one place."""
    owners = {link.id: one.id for one in _readable(document) for link in one.links}
    for index, campaign in enumerate(declared.get("campaigns") or []):
        for number, link in enumerate(campaign.get("links") or []):
            if (owner := owners.get(link["id"])) not in (None, campaign["id"]):
                path = ("campaigns", index, "links", number, "id")
                raise RegistryRefused(path, f"{link['id']} is a link of {owner}, too")

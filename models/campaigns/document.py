"""The registry's document, and what of it this release can read.

Each campaign, each EMV card and the currency rates stand alone: one that cannot be read is named, and the
others live. docs/decisions/0015-each-campaign-stands-alone.md says why.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from models.campaigns.campaign import Campaign, CurrencyRates, EmvCard
from models.campaigns.history import targets_since
from models.campaigns.registry import EntryKind, Registry, Unreadable
from models.campaigns.wording import rule_in_words

Model = TypeVar("Model", bound=BaseModel)
JsonObject = dict[str, Any]
"""What was declared as plain data, times as text: a registry's document, a campaign file, or a campaign."""

_PLACES_EVENTS = frozenset(
    {"starts", "ends", "grace", "adjustments_until", "influencers", "target", "sentiment"}
)
"""What decides whether an event counts, where, and as what. All else is worked out when numbers are read."""
_COUNTING = _PLACES_EVENTS | {"id", "currency"}
_CONVERTING = frozenset({"date", "base", "rates"})


def empty_document() -> JsonObject:
    """Return the document of a registry that knows nothing."""
    return {"version": 0, "currency_rates": None, "emv_cards": {}, "campaigns": {}, "history": {}}


def read_document(document: JsonObject) -> Registry:
    """Read what can be read of a document whose `campaigns` and `emv_cards` are mappings."""
    campaigns: dict[str, Campaign] = {}
    cards: dict[str, EmvCard | None] = {}
    unreadable: list[Unreadable] = []
    for name, declared in document["campaigns"].items():
        campaign, problem = read_campaign(name, declared)
        campaigns |= {name: campaign} if campaign else {}
        unreadable += [problem] if problem else []
    for name, declared in document["emv_cards"].items():
        card = _read(EmvCard, declared)
        cards[name] = card if isinstance(card, EmvCard) else None
        unreadable += [_problem("emv_cards", name, card)] if isinstance(card, ValidationError) else []
    rates, problem = _read_rates(document["currency_rates"])
    unreadable += [problem] if problem else []
    return Registry(
        version=document["version"],
        currency_rates=rates,
        emv_cards=cards,
        campaigns=campaigns,
        targets_since=targets_since(document["history"]),
        unreadable=tuple(unreadable),
        hidden=frozenset(one.name for one in unreadable if one.kind == "campaigns") & campaigns.keys(),
    )


def read_campaign(name: str, declared: object) -> tuple[Campaign | None, Unreadable | None]:
    """Read the campaign registered as `name`; with a problem comes at most what counting needs of it."""
    read = _read(Campaign, declared)
    if isinstance(read, ValidationError):
        part = _without_wrong_fields(Campaign, declared, read, _COUNTING, name=name)
        return part if part and part.id == name else None, _problem("campaigns", name, read)
    if read.id != name:
        return None, Unreadable("campaigns", name, "id", f"must be {name}, as which it is registered")
    return read, None


def keep_known(found: Registry, known: Registry) -> Registry:
    """Put what was known before in place of what cannot be read any more.

    A campaign that was known whole goes on as it was, but counts by what can be read now of its flight,
    influencers and target: so no event is refused that the changed declaration takes.
    """
    campaigns, hidden, cards, rates = dict(found.campaigns), set(found.hidden), dict(found.emv_cards), None
    since = dict(found.targets_since)
    for one in found.unreadable:
        if one.kind == "emv_cards":
            cards[one.name] = known.emv_cards.get(one.name)
        elif one.kind == "currency_rates":
            rates = known.currency_rates
        elif (before := known.campaigns.get(one.name)) is not None:
            if one.name not in found.campaigns:
                since[one.name] = known.targets_since.get(one.name, 0)
            campaigns[one.name], is_hidden = _keep_campaign(one.name, found, known, before)
            hidden = hidden | {one.name} if is_hidden else hidden - {one.name}
    return found.model_copy(
        update={
            "campaigns": campaigns,
            "hidden": frozenset(hidden),
            "targets_since": since,
            "emv_cards": cards,
            "currency_rates": rates or found.currency_rates,
        }
    )


def consequence(registry: Registry, one: Unreadable) -> str:
    """Say what an unreadable entry means for a worker that counts with this registry."""
    if one.kind == "emv_cards":
        return "it stays as last read" if registry.emv_cards.get(one.name) else "EMV that needs it is absent"
    if one.kind == "currency_rates":
        if registry.currency_rates:
            return "those last read, or the readable ones, stay in use"
        return "conversions in other currencies are refused as unknown_currency"
    if one.name in registry.hidden:
        return "its events are counted, and it is shown once it can be read"
    if one.name in registry.campaigns:
        return "it is counted and shown as last read"
    return "its events are refused as unknown_campaign"


def _keep_campaign(name: str, found: Registry, known: Registry, before: Campaign) -> tuple[Campaign, bool]:
    part = found.campaigns.get(name)
    if part is None:
        return before, name in known.hidden
    if name in known.hidden:
        return part, True
    return before.model_copy(update={field: getattr(part, field) for field in _PLACES_EVENTS}), False


def _read_rates(declared: object) -> tuple[CurrencyRates | None, Unreadable | None]:
    if declared is None:
        return None, None
    read = _read(CurrencyRates, declared)
    if isinstance(read, CurrencyRates):
        return read, None
    part = _without_wrong_fields(CurrencyRates, declared, read, _CONVERTING)
    return part, _problem("currency_rates", "", read)


def _read(model: type[Model], declared: object) -> Model | ValidationError:
    try:
        return model.model_validate(declared)
    except ValidationError as error:
        return error


def _without_wrong_fields(
    model: type[Model], declared: object, error: ValidationError, needed: frozenset[str], **defaults: str
) -> Model | None:
    """Read an entry without the fields that are wrong; None where one of them is needed."""
    wrong = {problem["loc"][0] if problem["loc"] else None for problem in error.errors()}
    if not isinstance(declared, Mapping) or None in wrong or wrong & needed:
        return None
    kept = {field: value for field, value in declared.items() if field not in wrong}
    read = _read(model, defaults | kept)
    return None if isinstance(read, ValidationError) else read


def _problem(kind: EntryKind, name: str, error: ValidationError) -> Unreadable:
    first, *others = error.errors()
    more = f" and {len(others)} more problems" if others else ""
    return Unreadable(kind, name, ".".join(map(str, first["loc"])), f"{rule_in_words(first)}{more}")

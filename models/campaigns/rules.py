"""What a campaign file must keep beyond the types of its fields: ids that differ, codes and names that exist.

These rules are for who writes a file. A registry that an earlier release wrote is read without them.
"""

import re
import unicodedata
from collections.abc import Iterator
from zoneinfo import ZoneInfo, available_timezones

from models.campaigns.campaign import Campaign, Declaration
from models.campaigns.places_and_languages import (
    country,
    country_called,
    currency_like,
    is_country,
    is_currency,
    is_language,
    language,
    language_called,
)
from models.campaigns.web_address import authority_of
from models.campaigns.wording import suggestion
from models.campaigns.yaml_data import Path

Complaint = tuple[Path, str]
"""The path of a value in a declaration, and the rule that it breaks."""

# What an event's audience may hold: models.events.schema takes a longer value as absent.
LONGEST = {"language": 35, "age_band": 16, "gender": 32, "interests": 64}
_LANGUAGE = re.compile(r"\*|[a-z]{2,8}(-[a-z0-9]{1,8})*")
# As models.sentiment.tokens leaves them out.
_LEFT_OUT = re.compile(r"[@#]\w|https?://|www\.", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def mistakes(declaration: Declaration) -> Iterator[Complaint]:
    """Find what breaks a rule, with its path in the declaration."""
    for name, card in declaration.emv_cards.items():
        yield from _text(("emv_cards", name), name)
        yield from _currency(("emv_cards", name, "currency"), card.currency)
    first: dict[str, int] = {}
    links: dict[str, str] = {}
    for index, campaign in enumerate(declaration.campaigns):
        root: Path = ("campaigns", index)
        if (before := first.setdefault(campaign.id, index)) != index:
            yield (*root, "id"), f"is the id of campaigns[{before}], too; ids must differ"
        for path, rule in (*_of_campaign(campaign), *_links(campaign, links), *_codes(campaign)):
            yield (*root, *path), rule


def _of_campaign(campaign: Campaign) -> Iterator[Complaint]:
    yield from _text(("name",), campaign.name)
    yield from _text(("owner",), campaign.owner or "")
    yield from _zone(campaign)
    yield from _currency(("currency",), campaign.currency)
    yield from _unlisted(campaign)
    yield from _values(campaign)
    yield from _sentiment(campaign)
    yield from _target(campaign)


def _text(path: Path, text: str) -> Iterator[Complaint]:
    if found := _UNPRINTABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        yield path, f"holds a control character or line break ({code}), which a list or a label cannot show"


def _currency(path: Path, code: str) -> Iterator[Complaint]:
    if not is_currency(code):
        near = currency_like(code)
        yield path, f"{code} is no currency of ISO 4217" + (f"; did you mean {near}?" if near else "")


def _zone(campaign: Campaign) -> Iterator[Complaint]:
    try:
        ZoneInfo(campaign.time_zone)
    except (ValueError, OSError, KeyError):
        near = suggestion(campaign.time_zone, sorted(available_timezones()))
        yield ("time_zone",), f"must be a time zone that exists, such as Europe/Paris{near}"


def _unlisted(campaign: Campaign) -> Iterator[Complaint]:
    """Find costs, scores, links and codes of influencers who are not listed: their events are refused."""
    listed = campaign.influencers
    if listed is None:
        return
    costs, links, codes = (
        [one.influencer for one in campaign.costs],
        [one.influencer for one in campaign.links],
        [one.influencer for one in campaign.codes],
    )
    named: list[tuple[Path, str]] = [
        ((field, index, "influencer"), name)
        for field, names in (("costs", costs), ("links", links), ("codes", codes))
        for index, name in enumerate(names)
    ]
    if campaign.values:
        named += [(("values", "scores", name), name) for name in campaign.values.scores]
    for path, name in named:
        if name not in listed:
            yield path, f"{name} is not among the campaign's influencers{suggestion(name, sorted(listed))}"


def _values(campaign: Campaign) -> Iterator[Complaint]:
    """Find scores of values that have no weight, and names that cannot be shown."""
    if campaign.values is None:
        return
    weights = campaign.values.weights
    for value in weights:
        yield from _text(("values", "weights", value), value)
    for influencer, scores in campaign.values.scores.items():
        for value in scores:
            if value not in weights:
                rule = f"{value} has no weight{suggestion(value, weights)}"
                yield ("values", "scores", influencer, value), rule


def _sentiment(campaign: Campaign) -> Iterator[Complaint]:
    """Find phrases that are in no text as it is rated, and those that would mean two things."""
    known: dict[str, str] = {}
    for verdict, phrases in campaign.sentiment or ():
        for index, phrase in enumerate(phrases):
            path: Path = ("sentiment", verdict, index)
            yield from _text(path, phrase)
            if _LEFT_OUT.search(phrase):
                yield path, "has a mention, tag or link, which are left out of every text before it is rated"
            key = unicodedata.normalize("NFKC", phrase).casefold()
            if known.setdefault(key, verdict) != verdict:
                yield path, f"{phrase} is among the {known[key]} ones, too"


def _links(campaign: Campaign, known: dict[str, str]) -> Iterator[Complaint]:
    for index, link in enumerate(campaign.links):
        if link.id in known:
            other = f"{link.id} is a link of {known[link.id]}, too"
            yield ("links", index, "id"), f"{other}; the ids of links must differ over all campaigns"
        known.setdefault(link.id, campaign.id)
        if not _leads_somewhere(link.to):
            yield ("links", index, "to"), "names no host that browsers find, or a user before it"


def _leads_somewhere(address: str) -> bool:
    try:
        return authority_of(address) != ""
    except ValueError:
        return False


def _codes(campaign: Campaign) -> Iterator[Complaint]:
    known: set[str] = set()
    for index, one in enumerate(campaign.codes):
        yield from _text(("codes", index, "code"), one.code)
        if one.key in known:
            yield ("codes", index, "code"), f"{one.code} stands here twice; shops read codes in any case"
        known.add(one.key)


def _target(campaign: Campaign) -> Iterator[Complaint]:
    """Find choices that no event can have."""
    if campaign.target is None:
        return
    for field, choices in campaign.target.audience.items():
        for index, choice in enumerate(choices):
            path: Path = ("target", "audience", field, index)
            yield from _text(path, choice)
            if rule := _impossible(field, choice):
                yield path, rule


def _impossible(field: str, choice: str) -> str | None:
    if field == "country":
        return None if is_country(country(choice)) else _no_code(choice, "country", country_called(choice))
    if not choice:
        return "must not be empty"
    if len(choice) > LONGEST[field]:
        return f"must have at most {LONGEST[field]} characters, as in events"
    if field == "language":
        tag = language(choice)
        if not (_LANGUAGE.fullmatch(tag) and is_language(tag)):
            return _no_code(choice, "language", language_called(choice))
    return None


def _no_code(choice: str, kind: str, meant: str | None) -> str:
    standard = "ISO 3166" if kind == "country" else "BCP 47"
    example = "FR or FRA" if kind == "country" else "fr or fr-CA"
    hint = f"; did you mean {meant}?" if meant else f", such as {example}"
    return f"{choice} is no {kind} that an event can have: must be a code of {standard}{hint}"

"""Which campaigns and parts are shown, and in what order."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from commands.live.judging import badness, worst
from models.kpis.catalogue import kpi
from models.readings.figure import NOTHING
from models.readings.views import CampaignFigures, Kpis

WORST, NAME = "worst", "name"
FIELDS = ("status", "owner", "is")
"""What a word of a filter may be about: `status:running`, `owner:team-food`, `is:beyond`."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter:
    """Words that a campaign's id, name or owner must all have, and what its fields must be."""

    words: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


def parse_filter(text: str) -> Filter:
    """Read what a user typed; letters' case and accents do not matter."""
    words: list[str] = []
    fields: dict[str, str] = {}
    for word in _plain(text).split():
        name, colon, value = word.partition(":")
        if colon and name in FIELDS:
            fields |= {name: value} if value else {}
        else:
            words.append(word)
    return Filter(tuple(words), fields)


def passes(campaign: CampaignFigures, wanted: Filter) -> bool:
    """Return whether a campaign is one of those wanted; `owner` and `status` may be cut short."""
    text = _plain(f"{campaign.id} {campaign.name} {campaign.owner}")
    about = {"status": campaign.status, "owner": "-".join(_plain(campaign.owner).split())}
    return all(word in text for word in wanted.words) and all(
        (worst(campaign) or "none").startswith(value) if name == "is" else about[name].startswith(value)
        for name, value in wanted.fields.items()
    )


def turned_on(text: str, name: str, choices: Sequence[str]) -> str:
    """Return a filter's text with the next choice for a field; after the last one, without the field."""
    value = parse_filter(text).fields.get(name)
    after = choices.index(value) + 1 if value in choices else 0
    others = [word for word in text.split() if not word.startswith(f"{name}:")]
    chosen = [f"{name}:{choices[after]}"] if after < len(choices) else []
    return " ".join([*others, *chosen])


def owners(campaigns: Iterable[CampaignFigures]) -> list[str]:
    """List the owners of campaigns as a filter spells them."""
    return sorted({"-".join(_plain(one.owner).split()) for one in campaigns if one.owner.strip()})


def rank_campaigns(
    campaigns: Iterable[CampaignFigures], flight: Mapping[str, CampaignFigures], key: str, turned: bool
) -> list[CampaignFigures]:
    """Sort campaigns by a key: the worst first over the flight, by name, or by a KPI."""
    by_name = sorted(campaigns, key=lambda one: (_plain(one.name), one.id))
    if key == WORST:
        by_name.sort(key=lambda one: badness(flight.get(one.id, one)), reverse=True)
    if key in (WORST, NAME):
        return by_name[::-1] if turned else by_name
    return rank(by_name, key, turned, lambda one: one.kpis)


def rank(things: Iterable[T], key: str, turned: bool, kpis: Callable[[T], Kpis]) -> list[T]:
    """Sort things by a KPI, the best first; what has no figure comes last either way."""
    entry = kpi(key)
    there: list[tuple[float, T]] = []
    absent: list[T] = []
    for thing in things:
        value = kpis(thing).get(key, NOTHING).value
        if value is None:
            absent.append(thing)
        else:
            there.append((value, thing))
    there.sort(key=lambda one: one[0], reverse=(entry.direction != "down") != turned)
    return [thing for _, thing in there] + absent


def order_words(key: str, turned: bool) -> str:
    """Say how rows are sorted."""
    if key == WORST:
        return "best first" if turned else "worst first"
    if key == NAME:
        return f"by name, {'Z to A' if turned else 'A to Z'}"
    entry = kpi(key)
    lowest = (entry.direction == "down") != turned
    return f"by {entry.short}, {'lowest' if lowest else 'highest'} first"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

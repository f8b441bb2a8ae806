"""The target audience: who belongs to it, and when a changed predicate is a different one.

Countries and languages match however they are written (models.campaigns.places_and_languages); a language
takes those that it holds (`fr` takes `fr-CA`). Everything else matches as written.
"""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from models.campaigns.campaign import Target
from models.campaigns.fields import AudienceField
from models.campaigns.places_and_languages import country, language, wider_tags

_MOST_KNOWN = 10_000

Predicate = dict[AudienceField, frozenset[str]]


def predicate_of(target: Target) -> Predicate:
    """Return what each field may be; countries and languages in their one spelling."""
    return {field: frozenset(_spelt(field, choices)) for field, choices in target.audience.items()}


def matches(predicate: Predicate, audience: Any) -> bool:
    """Return whether an audience has one of the choices in every field; an absent field does not match.

    `audience` is a models.events.schema.Audience or None.
    """
    return all(_fits(field, choices, audience) for field, choices in predicate.items())


class Matcher:
    """A predicate with a cache: audiences repeat, and comparing one takes a microsecond."""

    def __init__(self, target: Target) -> None:
        self._predicate = predicate_of(target)
        self._interests = self._predicate.get("interests")
        self._others: Predicate = {
            field: choices for field, choices in self._predicate.items() if field != "interests"
        }
        self._known: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, audience: Any) -> bool:
        """Return whether an audience belongs to the target."""
        if audience is None:
            return not self._predicate
        said = (audience.country, audience.language, audience.age_band, audience.gender)
        found = self._known.get(said)
        if found is None:
            found = matches(self._others, audience)
            if len(self._known) < _MOST_KNOWN:
                self._known[said] = found
        if found and self._interests is not None:
            return _fits("interests", self._interests, audience)
        return found


def fingerprint(campaign: str, target: Target, since: int = 0) -> str:
    """Return 64 bits in hexadecimal that name a campaign's predicate, however its fields are ordered.

    `since` tells a predicate that came back from what it was before (Registry.targets_since). The size of the
    audience does not matter: it only divides.
    """
    ordered = {field: sorted(choices) for field, choices in predicate_of(target).items()}
    text = json.dumps([campaign, ordered, since], sort_keys=True)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _fits(field: AudienceField, choices: frozenset[str], audience: Any) -> bool:
    if audience is None:
        return False
    said = getattr(audience, field)
    if said is None:
        return False
    if field == "language":
        return not choices.isdisjoint(wider_tags(language(said)))
    return not choices.isdisjoint(_spelt(field, [said] if isinstance(said, str) else said))


def _spelt(field: AudienceField, words: Iterable[str]) -> Iterable[str]:
    spell = {"country": country, "language": language}.get(field)
    return map(spell, words) if spell else words

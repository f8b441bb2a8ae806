"""The target audience: who belongs to it, and when a changed predicate is a different one."""

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from models.campaigns.campaign import AudienceField, Target

_MOST_KNOWN = 10_000
_ANY_CASE: tuple[AudienceField, ...] = ("country", "language")


Predicate = dict[AudienceField, frozenset[str]]


def predicate_of(target: Target) -> Predicate:
    """Return what each field may be; country and language, which match in any case, in lower case."""
    return {field: frozenset(_plain(field, choices)) for field, choices in target.audience.items()}


def matches(predicate: Predicate, audience: Any) -> bool:
    """Return whether an audience has one of the choices in every field; an absent field does not match.

    `audience` is a models.events.schema.Audience, what models.events.decoding derives from it, or None.
    """
    return all(_fits(field, choices, audience) for field, choices in predicate.items())


class Matcher:
    """A predicate with a cache: audiences repeat, and comparing one takes a microsecond."""

    def __init__(self, target: Target) -> None:
        self._predicate = predicate_of(target)
        self._by_interests = "interests" in self._predicate
        self._known: dict[tuple[str | None, ...], bool] = {}

    def __call__(self, audience: Any) -> bool:
        """Return whether an audience belongs to the target."""
        if audience is None:
            return not self._predicate
        if self._by_interests:
            return matches(self._predicate, audience)
        said = (audience.country, audience.language, audience.age_band, audience.gender)
        found = self._known.get(said)
        if found is None:
            found = matches(self._predicate, audience)
            if len(self._known) < _MOST_KNOWN:
                self._known[said] = found
        return found


def fingerprint(campaign: str, target: Target) -> str:
    """Return 64 bits in hexadecimal that name a campaign's predicate, however its fields are ordered.

    The size of the audience does not matter: it only divides.
    """
    ordered = {field: sorted(choices) for field, choices in predicate_of(target).items()}
    text = json.dumps([campaign, ordered], sort_keys=True)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _fits(field: AudienceField, choices: frozenset[str], audience: Any) -> bool:
    if audience is None:
        return False
    said = getattr(audience, field)
    if said is None:
        return False
    return not choices.isdisjoint(_plain(field, [said] if isinstance(said, str) else said))


def _plain(field: AudienceField, words: Iterable[str]) -> Iterable[str]:
    return (word.lower() for word in words) if field in _ANY_CASE else words

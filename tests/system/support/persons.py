"""Whom an event is of: persons, consent and audiences, drawn by a seed."""

import random

from tests.system.support.sayings import PLAIN
from tests.system.support.spoiling import Fields

BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Linux; Android 15; CPH2700 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, like "
    "Gecko) Version/4.0 Chrome/142.0.7444.100 Mobile Safari/537.36 Instagram 400.0.0.1.1 Android (35/15)",
    "python-requests/2.32.3",
    "",
)
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.4.0",
    "Twitterbot/1.0",
)
NOBODY = ("0", "0000-0000", "undefined", "(not set)", "NULL", "-")
_COUNTRIES = ("FR", "FR", "fr", "FRA", "BE", "be", "US", "us", "usa", "GB", "UK", "gbr", "DE", "ES")
_LANGUAGES = ("fr", "FR", "fr-CA", "en", "EN", "en-US", "EN-us", "en_GB", "de", "enm")
_AGES = ("13-17", "18-24", "25-34", "35-44", "65+")
_GENDERS = ("female", "Female", "male", "other", "unknown")
_INTERESTS = ("beauty", "Beauty", "travel", "food", "games", "beauty products")


def person(chance: random.Random, persons: int, crowded: bool) -> Fields:
    """Draw who an event is of; of a crowd everybody is named and content, and seen about equally often."""
    fields: Fields = {"user_agent": chance.choice(BROWSERS)}
    if crowded:
        return fields | {"person_id": f"crowd-{chance.randrange(persons)}", "consent": True}
    if chance.random() < 0.85:
        somebody = f"p-{int(persons * chance.random() ** 2)}"
        fields["person_id"] = chance.choice(NOBODY) if chance.random() < 0.04 else somebody
    fields["consent"] = chance.choices((True, False, None), (70, 15, 15))[0]
    if fields["consent"] is None and chance.random() < 0.5:
        del fields["consent"]
    return fields


def audience(chance: random.Random) -> Fields:
    """Draw an impression's audience: whole, with fields missing or null, empty, or none at all."""
    if chance.random() < 0.15:
        return {}
    whole: Fields = {
        "country": chance.choice(_COUNTRIES),
        "language": chance.choice(_LANGUAGES),
        "age_band": chance.choice(_AGES),
        "gender": chance.choice(_GENDERS),
        "interests": chance.sample(_INTERESTS, chance.randint(0, 3)),
        "device": "phone",
    }
    kept = {name: value for name, value in whole.items() if chance.random() < 0.85}
    if kept and chance.random() < 0.05:
        kept[chance.choice(list(kept))] = None
    return {"audience": kept}


def misdescribe(event: Fields, chance: random.Random) -> None:
    """Describe an event by something that does not fit, as producers do: it counts all the same."""
    odd: list[Fields] = [{"source": 7}, {"source": "s" * 65}]
    if event["type"] != "conversion":
        odd += [{"user_agent": 12}, {"user_agent": "M" * 1025}]
    if event["type"] == "impression":
        whole = event.get("audience", {})
        odd += [{"audience": "FR"}, {"audience": {**whole, chance.choice(("country", "gender")): 33}}]
        odd += [{"audience": {**whole, "country": "T1"}}, {"audience": {**whole, "interests": "food"}}]
    if event["type"] == "engagement":
        odd += [{"language": 5}, {"text": ["5"]}]
        odd += [{"sentiment": "great"}] * (event.get("text") in (None, *PLAIN))
    event |= chance.choice(odd)

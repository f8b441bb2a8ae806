"""The simulated public: who sees a content, what is known of them, which browser or bot they use."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple
from zlib import crc32

from models.campaigns.campaign import Campaign, Target

Consent = Literal["given", "refused", "not_asked", "no_person"]
Person = tuple[str, dict[str, object]]
"""Who it was: as JSON members, and as what is known of the event."""

AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Instagram 389.0.0.30.84 (iPhone15,2; iOS 18_5; fr_FR; fr; scale=3.00; 1179x2556)",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/BP1A.250505.005; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/136.0.7103.60 Mobile Safari/537.36 "
    "Instagram 389.0.0.43.83 Android",
    "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/136.0.7103.60 Mobile Safari/537.36 musical_ly_2023902040 BytedanceWebview/d8a21c6",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Safari/605.1.15",
    "com.google.android.youtube/20.21.37 (Linux; U; Android 14) gzip",
    None,
)
"""People's browsers and apps; None: the event says nothing of it."""

BOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Twitterbot/1.0",
)

_PROFILES = 4096
_CONSENTS: tuple[Consent, ...] = ("given", "refused", "not_asked", "no_person")
_CONSENT_SHARES = (85, 6, 4, 5)
_MASK = (1 << 64) - 1
_SCRAMBLE = 0x9E3779B97F4A7C15
_COUNTRIES = ("FR", "GB", "US", "ES", "DE", "IT", "BE", "CA")
_AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55+")
_GENDERS = ("female", "male", "other")
_INTERESTS = ("beauty", "hiking", "cooking", "finance", "music", "travel", "gaming", "fashion")
_ON_TARGET = 0.7


class Profile(NamedTuple):
    """What many people share; the texts are JSON members, each with its comma, or empty."""

    consent: Consent
    audience: str
    agent: str


@dataclass(frozen=True)
class Public:
    """The people whom a campaign can reach, numbered from 0."""

    size: int
    first: int
    profiles: tuple[Profile, ...]
    salt: int = field(repr=False)

    def profile(self, person: int) -> Profile:
        """Return what is known of a person, always the same."""
        return self.profiles[(person * 2_654_435_761 >> 7) % _PROFILES]

    def name(self, person: int) -> str:
        """Return a person's pseudonym."""
        return f"{((self.first + person) * _SCRAMBLE + self.salt) & _MASK:016x}"


def public_of(campaign: Campaign, seed: int) -> Public:
    """Create a campaign's public: half as many again as its target, most of them on target."""
    chance = Random(f"{seed}/{campaign.id}")
    size = round(1.5 * campaign.target.size) if campaign.target else 400_000
    profiles = _profiles(chance, campaign.target)
    return Public(size, crc32(campaign.id.encode()) % 5_000_000, profiles, Random(seed).getrandbits(64))


def identified(public: Public, person: int, consent: Consent) -> Person:
    """Say who somebody is, and what they have consented to."""
    name = public.name(person)
    if consent == "given":
        return f'"person_id":"{name}","consent":true,', {"person": name, "consent": True}
    if consent == "refused":
        return f'"person_id":"{name}","consent":false,', {"person": name, "consent": False}
    if consent == "not_asked":
        return f'"person_id":"{name}",', {"person": name}
    return "", {}


def agent_member(agent: str | None) -> str:
    """Write a user agent as a JSON member with its comma; empty for None."""
    return "" if agent is None else f'"user_agent":{json.dumps(agent)},'


def _profiles(chance: Random, target: Target | None) -> tuple[Profile, ...]:
    """Draw all profiles trait by trait, which is several times as fast as person by person."""
    consents = chance.choices(_CONSENTS, _CONSENT_SHARES, k=_PROFILES)
    agents = chance.choices([agent_member(agent) for agent in AGENTS], k=_PROFILES)
    return tuple(map(Profile, consents, _audiences(chance, target), agents))


def _audiences(chance: Random, target: Target | None) -> list[str]:
    """Draw the JSON member of each profile's audience; a tenth have none."""
    wanted = {str(name): choices for name, choices in target.audience.items()} if target else {}

    def trait(name: str, everything: tuple[str, ...]) -> list[str]:
        preferred = wanted.get(name, ())
        weights = [_ON_TARGET / len(preferred) for _ in preferred]
        weights += [(1 - _ON_TARGET) / len(everything) for _ in everything]
        return chance.choices(
            [json.dumps(value) for value in (*preferred, *everything)], weights, k=_PROFILES
        )

    traits = zip(
        trait("country", _COUNTRIES),
        trait("age_band", _AGES),
        trait("gender", _GENDERS),
        trait("interests", _INTERESTS),
        strict=True,
    )
    return [
        f'"audience":{{"country":{country},"age_band":{age},"gender":{gender},"interests":[{interest}]}},'
        if chance.random() < 0.9
        else ""
        for country, age, gender, interest in traits
    ]

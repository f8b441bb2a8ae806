"""The simulated public: who sees a content, what is known of them, with which browser or bot."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple
from zlib import crc32

from models.campaigns import Campaign, Target

Consent = Literal["given", "refused", "not_asked", "no_person"]

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
    """What many people have in common; texts are JSON members, each with its comma, or empty."""

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
        """Give what is known of a person, always the same."""
        return self.profiles[(person * 2_654_435_761 >> 7) % _PROFILES]

    def name(self, person: int) -> str:
        """Give a person's pseudonym."""
        return f"{((self.first + person) * _SCRAMBLE + self.salt) & _MASK:016x}"


def public_of(campaign: Campaign, seed: int) -> Public:
    """Raise a campaign's public: half as many again as its target, most of them on target."""
    chance = Random(f"{seed}/{campaign.id}")
    size = round(1.5 * campaign.target.size) if campaign.target else 400_000
    profiles = tuple(_profile(chance, campaign.target) for _ in range(_PROFILES))
    return Public(size, crc32(campaign.id.encode()) % 5_000_000, profiles, Random(seed).getrandbits(64))


def agent_member(agent: str | None) -> str:
    """Write a user agent as a JSON member with its comma; nothing for None."""
    return "" if agent is None else f'"user_agent":{json.dumps(agent)},'


def _profile(chance: Random, target: Target | None) -> Profile:
    consent = chance.choices(_CONSENTS, _CONSENT_SHARES)[0]
    audience = json.dumps(_audience(chance, target), separators=(",", ":"))
    told = chance.random() < 0.9
    return Profile(consent, f'"audience":{audience},' if told else "", agent_member(chance.choice(AGENTS)))


def _audience(chance: Random, target: Target | None) -> dict[str, object]:
    wanted = {str(name): choices for name, choices in target.audience.items()} if target else {}

    def one(name: str, all_of_them: tuple[str, ...]) -> str:
        preferred = wanted.get(name)
        return chance.choice(preferred if preferred and chance.random() < _ON_TARGET else all_of_them)

    return {
        "country": one("country", _COUNTRIES),
        "age_band": one("age_band", _AGES),
        "gender": one("gender", _GENDERS),
        "interests": [one("interests", _INTERESTS)],
    }

"""What tests of attribution share: two campaigns with links and codes, keys, and requests."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from models.campaigns.campaign import Campaign
from models.events.parsing import Refusal, parse_event
from models.events.schema import Event
from models.times import DAY, parse_time
from producers.collector.attribution import Attribution
from producers.collector.incoming import Incoming
from producers.collector.secrets import Secrets
from tests.unit.models.building import campaign

NOON = parse_time("2026-11-20T12:00:00Z")
LIFETIME = 90 * DAY
KEY = SecretStr("the key that signs clicks now")
FORMER_KEY = SecretStr("the key that signed them before")
SECRET, OTHER_SECRET = "a secret of the sender, long", "another secret of the sender"
PERSONAL = "Zoe Marchand"
"""Stands in bodies wherever shops name people, and must be in no event."""

CAMPAIGNS = (
    campaign(
        id="glow",
        influencers=["ana", "ben"],
        links=[
            {"id": "ana-reel-1", "influencer": "ana", "content": "reel-1", "channel": "instagram"}
            | {"format": "reel", "to": "https://shop.example/glow"},
            {"id": "ben-clip", "influencer": "ben", "content": "clip", "channel": "tiktok"}
            | {"to": "https://shop.example/glow?utm_source=mine#top"},
        ],
        codes=[
            {"code": "ANA15", "influencer": "ana", "from": "2026-11-01T00:00:00Z"},
            {"code": "Ben10", "influencer": "ben", "content": "clip", "from": "2026-11-10T00:00:00Z"}
            | {"to": "2026-11-25T00:00:00Z"},
            {"code": "BOTH", "influencer": "ben", "from": "2026-11-01T00:00:00Z"},
        ],
    ),
    campaign(
        id="dusk",
        links=[{"id": "cleo", "influencer": "cleo", "content": "vlog", "channel": "youtube"}
               | {"to": "https://shop.example/dusk"}],
        codes=[
            {"code": "CLEO", "influencer": "cleo", "from": "2026-11-01T00:00:00Z"},
            {"code": "both", "influencer": "cleo", "from": "2026-11-01T00:00:00Z"},
        ],
    ),
)  # fmt: skip


def attribution(*campaigns: Campaign) -> Attribution:
    """Prepare for campaigns; without any, the usual two."""
    return Attribution.of(campaigns or CAMPAIGNS, (KEY, FORMER_KEY), LIFETIME)


def click_id(link: str = "ana-reel-1", at: int = NOON - DAY, campaign_id: str = "glow") -> str:
    """Click on a link of the usual campaigns."""
    ids = attribution().click_ids
    return ids.make(ids.links[campaign_id, link], link, at)


def secrets(**fields: Any) -> Secrets:
    """Return secrets with these fields beside those that there must be."""
    usual = {
        "click_keys": {"current": KEY.get_secret_value(), "former": FORMER_KEY.get_secret_value()},
        "person_salt": "the salt of people's ids",
    }
    return Secrets.model_validate({**usual, **fields})


def incoming(
    body: bytes | Mapping[str, Any] = b"",
    headers: Mapping[str, str] | None = None,
    query: tuple[tuple[str, str], ...] = (),
    now: int = NOON,
) -> Incoming:
    """Make a request."""
    return Incoming(query, headers or {}, body if isinstance(body, bytes) else json.dumps(body).encode(), now)


def as_counted(event: Mapping[str, Any]) -> Event:
    """Read a translated event as workers do; nothing of a person may be in it."""
    raw = json.dumps(event)
    assert PERSONAL not in raw
    read = parse_event("conversion" if event["type"] == "conversion" else event["type"], raw.encode())
    assert not isinstance(read, Refusal), read
    return read

"""Spoil events in the ways in which a producer's bugs do, each for exactly one reason of refusal."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from models.campaigns.campaign import Campaign
from models.events.schema import MAX_BYTES
from models.times import DAY
from producers.scribe import rfc3339
from producers.simulated import SimulatedEvent

Spoiler = Callable[[dict[str, Any], Random], bytes]


def spoil(
    event: SimulatedEvent, campaign: Campaign, chance: Random, number: int, event_id: str
) -> SimulatedEvent:
    """Turn a good event into a refused one, with an id of its own."""
    reason = chance.choice([reason for reason in _SPOILERS if _applies(reason, event, campaign)])
    data = {**json.loads(event.value), "event_id": event_id}
    value = _SPOILERS[reason](data, chance)
    return event._replace(number=number, event_id=event_id, value=value, outcome="refused", reason=reason)


def _applies(reason: str, event: SimulatedEvent, campaign: Campaign) -> bool:
    if reason == "unknown_influencer":
        return campaign.influencers is not None
    return reason != "unknown_currency" or event.revenue is not None


def _dump(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _too_large(data: dict[str, Any], _: Random) -> bytes:
    return _dump({**data, "debug": "x" * MAX_BYTES})


def _not_json(data: dict[str, Any], chance: Random) -> bytes:
    latin = _dump({**data, "note": "déjà vu"}).decode().encode("latin-1", "replace")
    return chance.choice((b"undefined", _dump(data)[:-20], latin))


def _not_an_object(data: dict[str, Any], chance: Random) -> bytes:
    return chance.choice((b"[" + _dump(data) + b"]", json.dumps(_dump(data).decode()).encode(), b"42"))


def _wrong_type(data: dict[str, Any], chance: Random) -> bytes:
    return _dump({**data, "type": chance.choice(("pageview", "Impression", "post"))})


def _missing_field(data: dict[str, Any], chance: Random) -> bytes:
    name = chance.choice(("event_time", "event_id", "campaign_id"))
    return _dump({key: value for key, value in data.items() if key != name})


def _invalid_field(data: dict[str, Any], chance: Random) -> bytes:
    wrong = ({"event_time": "yesterday"}, {"campaign_id": "not an id"}, {"person_id": 12345})
    return _dump({**data, **chance.choice(wrong)})


def _future(data: dict[str, Any], chance: Random) -> bytes:
    year = int(data["event_time"][:4])
    return _dump({**data, "event_time": f"{year + 2}-06-{1 + chance.randrange(30):02d}T12:00:00Z"})


def _unknown_campaign(data: dict[str, Any], _: Random) -> bytes:
    return _dump({**data, "campaign_id": "draft:not-registered"})


def _unknown_influencer(data: dict[str, Any], _: Random) -> bytes:
    return _dump({**data, "influencer_id": "somebody:not-listed"})


def _outside_flight(data: dict[str, Any], chance: Random) -> bytes:
    return _dump({**data, "event_time": rfc3339((11_323 + chance.randrange(300)) * DAY)})


def _unknown_currency(data: dict[str, Any], _: Random) -> bytes:
    return _dump({**data, "currency": "XTS"})


_SPOILERS: dict[str, Spoiler] = {
    "too_large": _too_large,
    "not_json": _not_json,
    "not_an_object": _not_an_object,
    "wrong_type": _wrong_type,
    "missing_field": _missing_field,
    "invalid_field": _invalid_field,
    "future": _future,
    "unknown_campaign": _unknown_campaign,
    "unknown_influencer": _unknown_influencer,
    "outside_flight": _outside_flight,
    "unknown_currency": _unknown_currency,
}

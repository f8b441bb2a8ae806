"""What tests of the registry declare, on a real Redis."""

from typing import Any

from redis.asyncio import Redis

from connections import registry
from models.times import DAY, format_time, parse_time

NOW = parse_time("2026-11-10T00:00:00Z")
MILLISECOND = 1000


def campaign(name: str = "glow", **fields: Any) -> dict[str, Any]:
    flight = {"starts": format_time(NOW - DAY), "ends": format_time(NOW + DAY)}
    return {"id": name, "name": name, **flight, "currency": "EUR", **fields}


def file(*campaigns: dict[str, Any]) -> dict[str, Any]:
    return {"campaigns": list(campaigns)}


async def ids(redis: Redis, prefix: str) -> list[str]:
    known = await registry.load(redis, prefix)
    assert known is not None
    return sorted(known.campaigns)

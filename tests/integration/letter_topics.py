"""Dead letters on a real Kafka: written as workers write them, and what became of them read back."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from connections.topics import dead_letters_topic
from models.dead_letters import Headers, Origin, error_headers
from models.settings import Settings
from tests.integration.reading import Record, read_to_end
from tests.integration.running import impression, producing

CAME_WITH: Headers = [("trace", b"1"), ("null", None), ("trace", b"2")]


def origin(settings: Settings, number: int) -> Origin:
    """Say where a record of a number came from."""
    return Origin(f"{settings.topic_prefix}impressions", number % settings.partitions, 1_000_000 + number)


async def write_letters(
    settings: Settings, values: Sequence[bytes], reason: str = "unknown_campaign", start: int = 0
) -> None:
    """Write a letter for each event, numbered from `start`; a third of them without a key."""
    async with producing(settings) as producer:
        sent = [
            await producer.send(
                dead_letters_topic(settings),
                value,
                None if number % 3 == 0 else json.loads(value)["campaign_id"].encode(),
                headers=[*CAME_WITH, *error_headers(origin(settings, number), reason, "field: rule")],
            )
            for number, value in enumerate(values, start)
        ]
        await asyncio.gather(*sent)


def events(count: int, campaign: str = "glow", **fields: Any) -> list[bytes]:
    """Write impressions of now."""
    return [impression(campaign_id=campaign, **fields) for _ in range(count)]


async def committed(settings: Settings, topic: str) -> list[Record]:
    """Read what is committed on a topic, given without prefix."""
    return await read_to_end(settings, settings.topic_prefix + topic, committed=True)

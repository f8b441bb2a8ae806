"""Known bots, by user agent (the list of crawler-user-agents)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from crawleruseragents import is_crawler

from models.topics import EventType

BOT = "bot"


@lru_cache(maxsize=65_536)
def is_bot(user_agent: str) -> bool:
    """Return whether a user agent is a known bot's; an empty one never is.

    A look-up takes about a quarter of a millisecond, hence the cache: agents repeat.
    """
    return bool(user_agent) and is_crawler(user_agent)


def invalid_reasons(event_type: EventType, events: Sequence[Any]) -> list[str | None]:
    """Return why each event is invalid traffic, or None; conversions have no user agent and are valid."""
    if event_type == "conversion":
        return [None] * len(events)
    agents = [event.user_agent for event in events]
    bots = {agent for agent in set(agents) if agent is not None and is_bot(agent)}
    return [BOT if agent in bots else None for agent in agents] if bots else [None] * len(agents)

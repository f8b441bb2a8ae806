"""Known bots, by user agent (the list of crawler-user-agents)."""

from functools import lru_cache
from typing import Any

from crawleruseragents import is_crawler

BOT = "bot"


@lru_cache(maxsize=65_536)
def is_bot(user_agent: str) -> bool:
    """Tell whether a user agent is a known bot's; an empty one is not judged.

    A look-up costs about a quarter of a millisecond, hence the memory: agents repeat.
    """
    return bool(user_agent) and is_crawler(user_agent)


def invalid_reason(event: Any) -> str | None:
    """Name the reason why an event is invalid traffic, or None; conversions are not judged."""
    if event.type == "conversion" or event.user_agent is None:
        return None
    return BOT if is_bot(event.user_agent) else None

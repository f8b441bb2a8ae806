"""Who is a bot, by user agent: the list of crawler-user-agents, with what corrects it."""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.metadata import distribution
from pathlib import Path

from models.admission.agents import MISSED, OF_PEOPLE, OF_SERVERS, Correction

BOT = "bot"
_LIST = "crawleruseragents/crawler-user-agents.json"
_CHUNK = 25


def _any_of(corrections: Iterable[Correction]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{correction.pattern})" for correction in corrections))


_NOT_JUDGED = _any_of((*OF_PEOPLE, *OF_SERVERS))
_MISSED = _any_of(MISSED)
_OF_SERVERS = _any_of(OF_SERVERS)


@cache
def _crawlers() -> Sequence[re.Pattern[str]]:
    """Return the public list, some patterns in one, as the package itself searches it.

    The package reads it when it is imported, in the locale's encoding: in EUC-JP that ended every command.
    """
    found = distribution("crawler-user-agents").locate_file(_LIST)
    patterns = [crawler["pattern"] for crawler in json.loads(Path(str(found)).read_text("utf-8"))]
    chunks = (patterns[first : first + _CHUNK] for first in range(0, len(patterns), _CHUNK))
    return [re.compile("|".join(chunk)) for chunk in chunks]


@lru_cache(maxsize=65_536)
def is_bot(user_agent: str) -> bool:
    """Return whether a user agent is a known bot's.

    An empty one never is, nor one of a producer's own server or HTTP library: who visited is not known then.
    """
    return _is_bots(_NOT_JUDGED.sub(" ", user_agent).strip())


def tells_who(user_agent: str) -> bool:
    """Return whether a user agent tells who visited; one of a producer's own server alone does not."""
    return bool(_OF_SERVERS.sub(" ", user_agent).strip())


@lru_cache(maxsize=65_536)
def _is_bots(judged: str) -> bool:
    # A tenth of a millisecond. Without what tells phones apart, most agents of people are the same.
    if not judged:
        return False
    return _MISSED.search(judged) is not None or any(listed.search(judged) for listed in _crawlers())

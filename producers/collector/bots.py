"""Which requests of browsers are nobody's: not asked for yet, or asked for by no person, and why."""

from collections import OrderedDict
from collections.abc import Mapping

from models.admission.invalid_traffic import BOT, is_bot
from models.times import HOUR

_REMEMBERED = 100_000


def uncounted(method: str, headers: Mapping[str, str]) -> str | None:
    """Return why a request says nothing of anybody: it asks what would be answered, or loads ahead.

    Browsers that load ahead say so in several ways; one that says nothing may or may not.
    """
    if method == "HEAD":
        return "head"
    purposes = (headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    for purpose in purposes:
        if purpose.startswith("prefetch"):
            return "prefetch"
        if purpose.startswith("preview"):
            return "preview"
    return None


def invalid_pixel(headers: Mapping[str, str], agent: str) -> str | None:
    """Return why the one who loaded a pixel is no visitor."""
    if headers.get("Sec-Fetch-Mode") == "navigate":
        return "opened_by_hand"
    return _invalid_agent(agent)


def invalid_click(headers: Mapping[str, str], agent: str) -> str | None:
    """Return why the one who followed a link is no visitor."""
    if headers.get("Sec-Fetch-Dest", "document") != "document":
        return "no_navigation"
    return _invalid_agent(agent)


def _invalid_agent(agent: str) -> str | None:
    if not agent:
        return "no_user_agent"
    return BOT if is_bot(agent) else None


class RepeatedClicks:
    """Who clicked which link in the last hour; of more than `most` the earliest are forgotten."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._clicks: OrderedDict[tuple[str, str], int] = OrderedDict()

    def is_one(self, link: str, person: str, now: int) -> bool:
        """Remember a click, at `now` in microseconds; return whether one counted within the hour before."""
        key = (link, person)
        before = self._clicks.get(key)
        if before is not None and now - before < HOUR:
            return True
        self._clicks[key] = now
        self._clicks.move_to_end(key)
        if len(self._clicks) > self._most:
            self._clicks.popitem(last=False)
        return False

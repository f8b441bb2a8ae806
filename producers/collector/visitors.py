"""Events of visitors' browsers: what a page may say of them, and what it may not.

Anybody can send them, so one stands for itself alone: no totals, no counts, and nobody's order is cancelled.
Who the visitor is counts only where the page says that they consent and their browser does not object.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import SecretStr

from models.events.schema import models_of
from models.scopes import ABSENT, Leaf
from models.times import DAY, format_time, parse_time
from models.topics import EventType
from producers.collector.attribution import Attribution, Claim
from producers.collector.incoming import NotAccepted
from producers.collector.persons import person_id

AGENT = 1024
"""The characters of a user agent that an event takes."""
_WITH_AGENT = ("impression", "click", "engagement")
_FIELDS = {name for one in get_args(EventType) for model in models_of(one) for name in model.model_fields}
_TAKEN = frozenset(_FIELDS | {"ago", "click_id", "code", "total"})
"""What a page may say. All else is left out: addresses of pages carry what people wrote in forms."""
_MILLISECOND = 1000


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request's headers say of who sent it: the agent, and whether they object to being told apart."""

    agent: str
    objects: bool


@dataclass(frozen=True, slots=True)
class Making:
    """What events are made with: ids, the salt of pseudonyms, and what orders are attributed by."""

    new_id: Callable[[], str]
    salt: SecretStr
    attribution: Attribution


def visitor_of(headers: Mapping[str, str], *, do_not_track: bool) -> Visitor:
    """Read the headers; `do_not_track`: the older `DNT` objects as Global Privacy Control does."""
    objects = headers.get("Sec-GPC") == "1" or (do_not_track and headers.get("DNT") == "1")
    return Visitor(clean(headers.get("User-Agent", "")).strip()[:AGENT], objects)


def clean(text: str) -> str:
    """Return a text of a request without what is no UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def visitor_event(
    said: Mapping[str, Any], visitor: Visitor, now: int, making: Making
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Make an event of what a page says; return what is to be noted beside.

    An absent id is made anew, so what is sent twice without one counts twice. An absent time is now, or `ago`
    milliseconds before.

    Raises:
        NotAccepted: the page says what no visitor may.

    """
    event: dict[str, Any] = {"type": "impression"}
    event |= {name: value for name, value in said.items() if name in _TAKEN and value is not None}
    _check_alone(event)
    event.setdefault("event_id", making.new_id())
    event["event_time"] = _time(event, now)
    _name_person(event, visitor, making.salt)
    if event["type"] in _WITH_AGENT and visitor.agent:
        event["user_agent"] = visitor.agent
    notes = _attribute(event, making.attribution, now) if event["type"] == "conversion" else ()
    return event, notes


def _check_alone(event: dict[str, Any]) -> None:
    for name, only in (("total", None), ("count", 1), ("status", "confirmed")):
        if event.get(name, only) != only:
            raise NotAccepted(400, "invalid_field", name)
    for name in ("attributed_by", "user_agent"):
        event.pop(name, None)


def _time(event: dict[str, Any], now: int) -> object:
    ago = event.pop("ago", 0)
    said: object = event.get("event_time")
    if said is not None:
        return said
    if isinstance(ago, bool) or not isinstance(ago, int | float) or not 0 <= ago * _MILLISECOND <= DAY:
        raise NotAccepted(400, "invalid_field", "ago")
    return format_time(now - int(ago * _MILLISECOND))


def _name_person(event: dict[str, Any], visitor: Visitor, salt: SecretStr) -> None:
    raw, campaign = event.pop("person_id", None), event.get("campaign_id")
    consents = event.pop("consent", None) is True and not visitor.objects
    if consents and isinstance(raw, str) and isinstance(campaign, str) and raw:
        event |= {"person_id": person_id(raw, salt, campaign), "consent": True}


def _attribute(event: dict[str, Any], attribution: Attribution, now: int) -> tuple[str, ...]:
    """Say whose a conversion is, by the click id or the code that the page has."""
    click_id, code = event.pop("click_id", None), event.pop("code", None)
    at = _moment(event, now)
    click, notes = attribution.click(click_id if isinstance(click_id, str) else None, at)
    campaign = event.get("campaign_id")
    served = frozenset((campaign,)) if isinstance(campaign, str) else None
    codes = (code,) if isinstance(code, str) else ()
    found = attribution.attribute(Claim(at, click, codes, None, served))
    if found.leaf is not None and (found.by or campaign is None):
        event |= _places(found.leaf)
    if found.by is not None:
        event["attributed_by"] = found.by
    return notes + found.notes


def _places(leaf: Leaf) -> dict[str, str]:
    names = ("campaign_id", "influencer_id", "content_id", "channel", "format")
    return {name: one for name, one in zip(names, leaf, strict=True) if one != ABSENT}


def _moment(event: dict[str, Any], now: int) -> int:
    """Return when an event is said to have been; one whose time is none is refused later."""
    try:
        return parse_time(event["event_time"])
    except (TypeError, ValueError):
        return now

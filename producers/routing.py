"""Where a line of a file goes: the topic of its `type`, the partition of its campaign."""

from typing import Any, NamedTuple, get_args

from pydantic_core import from_json

from models.topics import EventType, topic_of
from producers.files import MAX_LINE

_TOPICS = {event_type: topic_of(event_type) for event_type in get_args(EventType)}


class Route(NamedTuple):
    """A topic without its prefix, and the record's key: the campaign, if it names one."""

    topic: str
    key: bytes | None


class NoRoute(Exception):
    """It is not known where to send a line; the message says why."""


def route(value: bytes, fallback_topic: str | None) -> Route:
    """Return a line's topic and key. A line without a known `type` goes to the fallback topic.

    An event need not be valid: a replay may send what the workers will refuse.

    Raises:
        NoRoute: it has no known type and there is no fallback, or it is too large for a Kafka record.

    """
    if len(value) > MAX_LINE:
        raise NoRoute(f"is longer than {MAX_LINE} bytes, the most that is sent")
    data = _decode(value)
    topic = _topic(data.get("type")) or fallback_topic
    if topic is None:
        raise NoRoute(_why(data))
    return Route(topic, _key(data))


def _decode(value: bytes) -> dict[str, Any]:
    try:
        data = from_json(value)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _topic(event_type: object) -> str | None:
    return _TOPICS.get(event_type) if isinstance(event_type, str) else None


def _key(data: dict[str, Any]) -> bytes | None:
    campaign = data.get("campaign_id")
    return campaign.encode() if isinstance(campaign, str) and campaign else None


def _why(data: dict[str, Any]) -> str:
    if not data:
        return "is not a JSON object"
    if "type" not in data:
        return "has no type"
    return f"has a type that is none of {', '.join(_TOPICS)}"

"""What differs between two declarations, a line for each field that a person would look at."""

from typing import Any

from models.campaigns.campaign import in_zone
from models.times import parse_time

JsonObject = dict[str, Any]

_TIMES = ("starts", "ends", "from", "to")
_NOTHING = "none"


def differences(before: object, after: JsonObject, zone: str = "UTC") -> list[str]:
    """List the fields of a declaration that changed, as `field: old → new`, with times in a zone."""
    old = before if isinstance(before, dict) else {}
    lines: list[str] = []
    for field in [*after, *(name for name in old if name not in after)]:
        lines += _compare(field, old.get(field), after.get(field), zone)
    return lines or ["the same, written in another way"]


def _compare(field: str, before: Any, after: Any, zone: str) -> list[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        inner = [*after, *(name for name in before if name not in after)]
        parts = (_compare(f"{field}.{name}", before.get(name), after.get(name), zone) for name in inner)
        return [line for part in parts for line in part]
    if isinstance(before, list) and isinstance(after, list):
        added = [one for one in after if one not in before]
        removed = [one for one in before if one not in after]
        lines = [f"{field}: without {_shown(one, zone)}" for one in removed]
        lines += [f"{field}: with {_shown(one, zone)}" for one in added]
        moved = [f"{field}: the same in another order, or another number of times"]
        return lines or (moved if before != after else [])
    name = field.rpartition(".")[2]
    old, new = (_shown(value, zone, is_time=name in _TIMES) for value in (before, after))
    return [] if old == new else [f"{field}: {old} → {new}"]


def _shown(value: Any, zone: str, *, is_time: bool = False) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, dict):
        fields = (f"{key}: {_shown(one, zone, is_time=key in _TIMES)}" for key, one in value.items())
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(one, zone) for one in value) + "]"
    if isinstance(value, float):
        return f"{value:.12g}"
    return _time(value, zone) if is_time and isinstance(value, str) else str(value)


def _time(text: str, zone: str) -> str:
    try:
        return in_zone(parse_time(text), zone)
    except ValueError:
        return text

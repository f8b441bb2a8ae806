"""A dead letter as it is shown: personal fields masked, and bytes that are no JSON spelt out and cut."""

import json
import re
from typing import Any, NamedTuple

from pydantic_core import from_json

from models.dead_letters import Letter
from producers.letters.choosing import NONE, about

PERSONAL = frozenset({"person_id", "text", "user_agent", "audience"})
"""The fields of events that may tell who somebody is; masked in any case and at any depth."""
MASK = "********"
LONGEST = 2_000
"""Characters of a value that is no JSON, of a key or of a header; what is longer is cut."""
BEGINNING = 16
"""Bytes that are shown of what is no text: another form of events, which may name people anywhere."""
DEEPEST = 100
"""Levels below which a text is not read as JSON: each of them may hold as many levels of its own again."""

# In text that is no JSON nothing tells where a field ends: so all is hidden from the first of these names on.
_PERSONAL_NAME = re.compile("|".join(sorted(PERSONAL)), re.IGNORECASE)
# A part of an event that was encoded twice is a text in which such a name has a value.
_PERSONAL_MEMBER = re.compile(rf"""({_PERSONAL_NAME.pattern})[\\"'\s]*:""", re.IGNORECASE)
# As JSON may spell the characters that names consist of, and stand between them.
_ESCAPED = re.compile(r"""\\(?:u(00[0-7][0-9a-f])|([\\"/]))""", re.IGNORECASE)
# Each encoding doubles the backslashes: after sixteen an event of two quotes has no room in a record.
_MOST_ENCODINGS = 16
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Picture(NamedTuple):
    """A letter for a reader: `value` is what its JSON says, and `bytes` spells out what is none."""

    letter: Letter
    campaign: str | None
    source: str | None
    key: str | None
    headers: dict[str, str | None]
    value: Any
    bytes: str | None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs; times in RFC 3339 are the caller's."""
        letter, origin = self.letter, self.letter.origin
        return {
            "letter": f"{letter.place.partition}:{letter.place.offset}",
            "reason": letter.reason,
            "message": letter.message,
            "topic": origin.topic if origin else None,
            "partition": origin.partition if origin else None,
            "offset": origin.offset if origin else None,
            "campaign": self.campaign,
            "source": self.source,
            "times_sent_again": letter.times_sent,
            "key": self.key,
            "headers": self.headers,
            "value": self.value,
            "bytes": self.bytes,
        }


def picture(letter: Letter, *, personal: bool) -> Picture:
    """Show a letter; without `personal` neither personal fields nor what headers say."""
    told = about(letter, "")
    value, readable = _read(letter.value)
    return Picture(
        letter,
        None if told.campaign == NONE else told.campaign,
        None if told.source == NONE else told.source,
        _spelt(letter.key) if personal or letter.key in (None, told.campaign.encode()) else MASK,
        {name: _spelt(text) if personal else MASK for name, text in letter.own_headers},
        value if personal or not readable else masked(value),
        None if readable else (_spelt if personal else _harmless)(letter.value),
    )


def masked(value: Any, depth: int = 0) -> Any:
    """Return JSON data whose personal fields say nothing, nor those of JSON that its texts hold."""
    if isinstance(value, dict):
        return {
            _masked_text(name, depth): MASK if name.lower() in PERSONAL else masked(part, depth + 1)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [masked(part, depth + 1) for part in value]
    return _masked_text(value, depth) if isinstance(value, str) else value


def _masked_text(text: str, depth: int) -> str:
    inner = _read(text)[0] if depth < DEEPEST else None
    if isinstance(inner, dict | list | str):
        told = masked(inner, depth + 1)
        return text if isinstance(inner, str) and told == inner else json.dumps(told, ensure_ascii=False)
    return _up_to(_PERSONAL_MEMBER, text) or text


def _up_to(name: re.Pattern[str], text: str) -> str | None:
    """Return a text up to such a name, without escapes, in which the name may be; None if it is nowhere."""
    for _ in range(_MOST_ENCODINGS):
        text, escapes = _ESCAPED.subn(lambda one: chr(int(one[1], 16)) if one[1] else one[2], text)
        if not escapes:
            break
    found = name.search(text)
    return f"{text[: found.end()]} {MASK}" if found else None


def _read(raw: bytes | str | None) -> tuple[Any, bool]:
    try:
        return from_json(raw or b"", allow_inf_nan=False), True
    except ValueError:
        return None, False


def _spelt(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    text = raw.decode(errors="backslashreplace")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(raw)} bytes)"


def _harmless(raw: bytes | None) -> str | None:
    """Spell out what is no JSON, without what may be about a person."""
    if raw is None:
        return None
    if not _is_text(raw):
        return f"{_spelt(raw[:BEGINNING])}… ({len(raw)} bytes, no text; --personal shows them)"
    return _up_to(_PERSONAL_NAME, raw.decode()[:LONGEST]) or _spelt(raw)


def _is_text(raw: bytes) -> bool:
    try:
        return _CONTROL.search(raw.decode()) is None
    except UnicodeDecodeError:
        return False

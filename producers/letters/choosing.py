"""Which dead letters are meant: by reason, campaign, source, topic and arrival."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic_core import from_json

from models.dead_letters import Letter, Origin
from producers.letters.log import Record

NONE = "(none)"
"""In place of a reason, campaign, source or topic that a letter does not tell."""


class About(NamedTuple):
    """What letters are counted and chosen by; each NONE where it cannot be told. The topic has no prefix."""

    reason: str
    campaign: str
    source: str
    topic: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for, None for any; arrival from `since` on and before `until`, in microseconds."""

    reason: str | None = None
    campaign: str | None = None
    source: str | None = None
    topic: str | None = None
    since: int | None = None
    until: int | None = None

    def takes(self, about: About, arrival: int) -> bool:
        """Return whether a letter is meant."""
        asked = (self.reason, self.campaign, self.source, self.topic)
        told = zip(asked, about, strict=True)
        return (
            all(wanted is None or wanted == found for wanted, found in told)
            and (self.since is None or arrival >= self.since)
            and (self.until is None or arrival < self.until)
        )


def letter_of(record: Record) -> Letter:
    """Take a record of the dead-letters topic for the letter that it is."""
    place = Origin(record.topic, record.partition, record.offset)
    return Letter(place, 1000 * record.timestamp, record.key, record.value, record.headers)


def about(letter: Letter, prefix: str) -> About:
    """Say what a letter is about; `prefix` is that of our topics' names."""
    fields = fields_of(letter.value)
    origin = letter.origin
    return About(
        letter.reason or NONE,
        _name(fields, "campaign_id"),
        _name(fields, "source"),
        origin.topic.removeprefix(prefix) if origin else NONE,
    )


def fields_of(value: bytes | None) -> dict[str, Any]:
    """Read the fields of a value that is a JSON object; of any other there are none."""
    try:
        data = from_json(value or b"", allow_inf_nan=False)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _name(fields: dict[str, Any], field: str) -> str:
    name = fields.get(field)
    return name if isinstance(name, str) and name else NONE

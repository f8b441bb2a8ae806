"""Events as columns, of what models.events.decoding reads: texts in a buffer, the rest as numbers."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np

from models.core.columns import Ints, numbers
from models.core.octets import padded
from models.events.batch import Batch, Events, Mask, Refused
from models.events.decoding import Parsed, decode
from models.events.leaf_index import LeafIndex
from models.events.schema import STATUSES
from models.kinds import CONVERSIONS, ENGAGEMENTS, POLARITIES, names

NONE = -1
"""The number, or the length, of what is absent."""
_MOST_TEXTS = 65_536


class Decoded(NamedTuple):
    """The events of a batch, the records that are none, and which fields were ignored, by record."""

    events: Events
    refused: list[Refused]
    ignored: dict[int, Sequence[str]]


class Decoder:
    """Reads batches; numbers user agents and audiences, each of which is judged once.

    `is_bot` has an entry for each agent. `audiences` lists what events said of persons; another list takes
    its place when they are numbered anew.
    """

    def __init__(self, leaves: LeafIndex, is_bot: Callable[[str], bool]) -> None:
        self.is_bot: Mask = np.zeros(0, np.bool_)
        self.audiences: list[Any] = []
        self._leaves = leaves
        self._judge = is_bot
        self._agents: dict[str, int] = {}
        self._audience_numbers: dict[Hashable, int] = {}

    def decode(self, batch: Batch) -> Decoded:
        """Read the records of a batch, and find their leaves."""
        if len(self._agents) + len(self.audiences) > _MOST_TEXTS:
            self._agents, self._audience_numbers, self.audiences = {}, {}, []
        parsed, refused, ignored = decode(batch, self._leaves)
        return Decoded(self._columns(parsed), refused, ignored)

    def _columns(self, parsed: Parsed) -> Events:
        sent, conversions = parsed.payloads, parsed.type == "conversion"
        ids = [event.event_id.encode() for event in sent]
        persons = [None if event.person_id is None else event.person_id.encode() for event in sent]
        id_lengths = numbers([len(text) for text in ids])
        person_sizes = numbers([len(text or b"") for text in persons])
        kinds = _CONVERSIONS if conversions else _ENGAGEMENTS
        return Events(
            type=parsed.type,
            buffer=padded(*ids, *(text or b"" for text in persons)),
            indices=parsed.indices,
            times=parsed.times,
            arrivals=parsed.arrivals,
            leaves=parsed.leaves,
            counts=numbers([event.count for event in sent]),
            id_starts=id_lengths.cumsum() - id_lengths,
            id_lengths=id_lengths,
            person_starts=id_lengths.sum() + person_sizes.cumsum() - person_sizes,
            person_lengths=np.where([text is None for text in persons], NONE, person_sizes),
            consents=_smalls([NONE if event.consent is None else event.consent for event in sent]),
            kinds=_smalls([_number(kinds, getattr(event, "kind", None)) for event in sent]),
            ratings=_smalls([_number(_POLARITIES, getattr(event, "sentiment", None)) for event in sent]),
            agents=self._numbered_agents(sent),
            audiences=numbers([self._audience(getattr(event, "audience", None)) for event in sent]),
            statuses=_smalls([STATUSES.index(event.status) if conversions else 0 for event in sent]),
            payloads=dict(enumerate(sent)) if conversions else {},
        )

    def _numbered_agents(self, sent: Sequence[Any]) -> Ints:
        agents = [getattr(event, "user_agent", None) for event in sent]
        for agent in dict.fromkeys(agents):
            if agent is not None and agent not in self._agents:
                self._agents[agent] = len(self._agents)
                self.is_bot = np.append(self.is_bot[: len(self._agents) - 1], self._judge(agent))
        return numbers([NONE if agent is None else self._agents[agent] for agent in agents])

    def _audience(self, audience: Any) -> int:
        if audience is None:
            return NONE
        interests = None if audience.interests is None else tuple(audience.interests)
        said = (audience.country, audience.language, audience.age_band, audience.gender, interests)
        number = self._audience_numbers.setdefault(said, len(self.audiences))
        if number == len(self.audiences):
            self.audiences.append(audience)
        return number


_ENGAGEMENTS, _CONVERSIONS, _POLARITIES = names(ENGAGEMENTS), names(CONVERSIONS), names(POLARITIES)


def _number(listed: Sequence[str], name: str | None) -> int:
    return NONE if name is None else listed.index(name)


def _smalls(listed: Sequence[int]) -> Any:
    return np.array(listed, np.int8)

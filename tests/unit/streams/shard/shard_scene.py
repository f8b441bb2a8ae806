"""A shard in memory, what comes to it, and what it has sent on."""

from collections.abc import Sequence
from typing import Any

from models.state.delta import Source
from models.state.shard_state import ShardState
from models.tally import Tally
from models.topics import FORWARDED
from streams.kafka.raw_records import Record
from streams.rating.rating import Rating
from streams.shard.bundles import Section, decode_bundle, encode_bundle
from streams.shard.forwarding import Outbox
from streams.shard.shard import Shard
from tests.unit.models.building import NOON, new_state, raw, registry, tally
from tests.unit.models.building import campaign as declared
from tests.unit.streams.kafka.written import raw_records, sent
from tests.unit.streams.shard.sections import section_of

VIEWS, COMMENTS, BUNDLES = ("impressions", 0), ("engagements", 0), (FORWARDED, 0)
OWN, STRANGE = "glow", "snow"
KNOWN = registry(declared(), declared(id="snow", name="Snow"))


class Scene:
    """Shard 0, which has the campaign glow; snow is of shard 5."""

    def __init__(
        self,
        ends: dict[Source, tuple[int, int]] | None = None,
        state: ShardState | None = None,
        rating: Rating | None = None,
    ) -> None:
        self.sent: list[tuple[int, Section]] = []
        self.outbox = Outbox(self._send)
        self.state = state or new_state(KNOWN, owner=lambda name: 5 if name == STRANGE else 0)
        bounds = ends or {VIEWS: (0, 0), BUNDLES: (0, 0)}
        self.shard = Shard(0, self.state, bounds, self.outbox, "team.", rating)

    async def _send(self, shard: int, value: bytes) -> Any:
        self.sent += [(shard, section) for section in decode_bundle(value)]
        return done()

    def views(self, *offsets: int, name: str = OWN, end: int | None = None) -> list[int]:
        """Apply impressions of a campaign at these offsets."""
        records = [record(offset, name) for offset in offsets]
        end = offsets[-1] + 1 if end is None else end
        return list(self.shard.apply(VIEWS, raw_records(records), end))

    def comments(self, *offsets: int) -> None:
        """Apply comments of which the texts are to be rated."""
        said = [raw("engagement", event_id=f"c{offset}", kind="comment", text="lovely") for offset in offsets]
        records = [sent(offset, value) for offset, value in zip(offsets, said, strict=True)]
        self.shard.apply(COMMENTS, raw_records(records), offsets[-1] + 1)

    def bundle(self, at: int, *sections: Section) -> list[int]:
        """Apply a bundle at an offset of what is forwarded."""
        return list(self.shard.apply(BUNDLES, raw_records([sent(at, encode_bundle(sections))]), at + 1))

    @property
    def seen(self) -> float:
        return tally(self.state).get("impressions", 0)

    @property
    def ledger(self) -> Tally:
        return self.state.outcomes("impressions")


async def done() -> None: ...


def record(offset: int, name: str = OWN, **fields: Any) -> Record:
    return sent(offset, raw("impression", event_id=f"e{offset}", campaign_id=name, **fields))


def section(start: int, end: int, *offsets: int, partition: int = 5, values: Sequence[Any] = ()) -> Section:
    """Return a section of what came for the shard on another partition."""
    listed = values or [raw("impression", event_id=f"s{offset}") for offset in offsets]
    events = [
        Record(offset, NOON, b"k", value, [("h", b"1")])
        for offset, value in zip(offsets, listed, strict=True)
    ]
    return section_of("impressions", partition, start, end, events)

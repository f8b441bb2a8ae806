"""The fold of judged records into state: what the worker remembers, and what of it is to be stored.

One fold serves all source partitions that a worker holds. Its state is made of rows (models.rows), each
written to the changelog partition of the events that changed it:

- cells and ledger rows add up; each carries the source offsets applied to it, so replay skips it;
- people and orders merge by maximum and union, so replay changes nothing;
- the checkpoint, written after all else is stored, says from where to read on.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from models import rows
from models.admission import Admitted
from models.campaigns import Registry
from models.cells import DERIVED, Cell, CellKey, Cells
from models.duplicates import DuplicateMemory
from models.events import Adjustment, Click, Conversion, Engagement, Impression, Placed
from models.invalid_traffic import invalid_reason
from models.leaf import Leaf
from models.orders import Order, decode_order, encode_order, order_of_adjustment, order_of_sale
from models.parsing import Refusal
from models.people import People, person_key
from models.rows import Row
from models.tally import Tally, add
from models.windows import FLIGHT

Outcome = Literal["counted", "duplicate", "refused", "invalid_traffic"]
OUTCOMES: tuple[Outcome, ...] = ("counted", "duplicate", "refused", "invalid_traffic")


class Source(NamedTuple):
    """Where a record stands: topic (without prefix), partition, offset."""

    topic: str
    partition: int
    offset: int


class LedgerKey(NamedTuple):
    """A source topic's partition, whose outcomes are counted together."""

    partition: int
    topic: str


@dataclass(frozen=True, slots=True)
class Cut:
    """What changed in one partition since the last cut, and how far the sources were applied then."""

    rows: list[Row]
    positions: dict[str, int]

    def checkpoint(self, partition: int) -> Row:
        """Give the row that is written once all others are stored."""
        return Row(rows.checkpoint_key(partition), rows.dump([rows.VERSION, self.positions]))


class Fold:
    """State of all partitions held: apply records, cut what is to be stored, restore it, read it."""

    def __init__(self, registry: Registry, *, assume_consent: bool, duplicate_ids: int) -> None:
        self.registry = registry
        self.cells = Cells()
        self.people = People()
        self.duplicates = DuplicateMemory(duplicate_ids)
        self.ledger: dict[LedgerKey, Cell] = {}
        self.positions: dict[int, dict[str, int]] = {}
        self._assume_consent = assume_consent
        self._orders: dict[tuple[str, str], Order] = {}
        self._foreign: set[tuple[str, str]] = set()
        self._dirty: dict[int, dict[bytes, Hashable]] = {}

    def use(self, registry: Registry) -> None:
        """Take a changed registry; orders whose refunds need its rates are counted anew."""
        for key in self._foreign:
            self._count_order(self._orders[key], -1)
        self.registry = registry
        for key in self._foreign:
            self._count_order(self._orders[key], +1)

    def apply(self, source: Source, arrival: int, verdict: Admitted | Refusal) -> Outcome | None:
        """Apply one record; give what became of it, or None where it had been applied before."""
        positions = self.positions.setdefault(source.partition, {})
        if source.offset < positions.get(source.topic, 0):
            return None
        counts: Tally = {}
        outcome = self._judge(source, arrival, verdict, counts)
        counts[f"outcome:{outcome}"] = 1
        self._count_ledger(source, counts)
        positions[source.topic] = source.offset + 1
        return outcome

    def expire(self, now: int) -> None:
        """Let go what has left its window by `now`; its rows are deleted by the next cut."""
        self.people.expire(now)
        for key in self.cells.expire(now):
            if key.partition != DERIVED:
                self._mark(key.partition, rows.cell_key(key), None)

    def cut(self) -> dict[int, Cut]:
        """Give what changed since the last cut, by partition, as bytes; nothing is dirty afterwards."""
        dirty, self._dirty = self._dirty, {}
        return {
            partition: Cut([self._row(partition, key, what) for key, what in marked.items()], positions)
            for partition, marked in dirty.items()
            for positions in [dict(self.positions.get(partition, {}))]
        }

    def restore(self, key: bytes, value: bytes) -> None:
        """Take one stored row back.

        Raises:
            ValueError: the row is of a version or kind that this release does not know.

        """
        partition, kind, names = rows.split_key(key)
        match kind:
            case "cell":
                self.cells.restore(rows.read_cell_key([str(partition), *names]), rows.load_cell(value))
            case "person":
                *leaf, person = names
                self.people.see_tick(Leaf(*leaf), person, rows.load(value))
            case "order":
                campaign, order_id = names
                self._merge_order((campaign, order_id), decode_order(rows.load(value)))
            case "ledger":
                self.ledger[LedgerKey(partition, names[0])] = rows.load_cell(value)
            case "checkpoint":
                self._restore_checkpoint(partition, rows.load(value))
            case _:
                raise ValueError(f"state row of unknown kind {kind!r}")

    def _restore_checkpoint(self, partition: int, value: list[object]) -> None:
        version, positions = value
        if version != rows.VERSION or not isinstance(positions, dict):
            raise ValueError(f"state is of version {version}, this release reads {rows.VERSION}")
        self.positions[partition] = positions

    def _judge(self, source: Source, arrival: int, verdict: Admitted | Refusal, counts: Tally) -> Outcome:
        if isinstance(verdict, Refusal):
            counts[f"refused:{verdict.reason}"] = 1
            return "refused"
        event = verdict.event
        if self.duplicates.seen((event.campaign_id, event.event_id), source, arrival):
            return "duplicate"
        reason = invalid_reason(event)
        if reason is not None and not isinstance(event, Conversion | Adjustment):
            counts[f"invalid:{event.campaign_id}|{event.type}|{reason}"] = event.count
            return "invalid_traffic"
        if isinstance(event, Adjustment):
            self._report(source.partition, event.campaign_id, event.order_id, order_of_adjustment(event))
        else:
            self._count(source, event, verdict.time)
            if verdict.late:
                counts["late"] = 1
        return "counted"

    def _count(self, source: Source, event: Placed, time: int) -> None:
        leaf = Leaf(event.campaign_id, event.influencer_id, event.content_id, event.channel)
        person = self._usable_person(event)
        counts = _tally_of(event, identified=person is not None)
        for key in self.cells.keys_at(source.partition, leaf, time):
            if isinstance(event, Conversion) and key.window != FLIGHT:
                break
            cell = self.cells.alive.get(key)
            if cell is None or cell.applied.get(source.topic, 0) <= source.offset:
                self.cells.add(key, counts)
                self._mark(source.partition, rows.cell_key(key), key)
        if isinstance(event, Conversion):
            order = order_of_sale(event, time, leaf)
            self._report(source.partition, event.campaign_id, event.order, order)
        elif person is not None and isinstance(event, Impression):
            self._see(source.partition, leaf, person, time)

    def _usable_person(self, event: Placed) -> str | None:
        consent = self._assume_consent if event.consent is None else event.consent
        if event.person_id is None or not consent:
            return None
        if not isinstance(event, Conversion) and event.count > 1:
            return None
        return event.person_id

    def _see(self, partition: int, leaf: Leaf, person_id: str, time: int) -> None:
        person = person_key(leaf.campaign, person_id)
        tick = self.people.see(leaf, person, time)
        if tick is not None:
            self._mark(partition, rows.person_key(partition, leaf, person), tick)

    def _report(self, partition: int, campaign: str, order_id: str, report: Order) -> None:
        if self._merge_order((campaign, order_id), report):
            self._mark(partition, rows.order_key(partition, campaign, order_id), (campaign, order_id))

    def _merge_order(self, key: tuple[str, str], report: Order) -> bool:
        before = self._orders.get(key, Order())
        after = before.merge(report)
        if after == before:
            return False
        self._count_order(before, -1)
        self._orders[key] = after
        self._count_order(after, +1)
        if after.foreign:
            self._foreign.add(key)
        return True

    def _count_order(self, order: Order, sign: int) -> None:
        if order.sale is None:
            return
        counts = order.tally(self.registry.currency_rates)
        for key in self.cells.keys_at(DERIVED, order.sale.leaf, order.sale.time):
            self.cells.add(key, counts, sign)

    def _count_ledger(self, source: Source, counts: Mapping[str, int]) -> None:
        key = LedgerKey(source.partition, source.topic)
        cell = self.ledger.setdefault(key, Cell())
        if cell.applied.get(source.topic, 0) <= source.offset:
            add(cell.counts, counts)
        self._mark(source.partition, rows.ledger_key(source.partition, source.topic), key)

    def _mark(self, partition: int, row: bytes, what: Hashable) -> None:
        self._dirty.setdefault(partition, {})[row] = what

    def _row(self, partition: int, key: bytes, what: Hashable) -> Row:
        applied = self.positions.get(partition, {})
        if isinstance(what, CellKey):
            cell = self.cells.alive[what]
        elif isinstance(what, LedgerKey):
            cell = self.ledger[what]
        elif isinstance(what, tuple):
            return Row(key, rows.dump(encode_order(self._orders[what])))
        else:
            return Row(key, None if what is None else rows.dump(what))
        cell.applied = _furthest(cell.applied, applied)
        return Row(key, rows.dump_cell(cell))


def _furthest(held: Mapping[str, int], applied: Mapping[str, int]) -> dict[str, int]:
    # While a restart replays, a restored cell already holds records that come after the positions.
    return {topic: max(held.get(topic, 0), applied.get(topic, 0)) for topic in {**held, **applied}}


def _tally_of(event: Placed, *, identified: bool) -> Tally:
    match event:
        case Impression():
            return {"impressions": event.count} | ({"identified": 1} if identified else {})
        case Click():
            return {"clicks": event.count, "interactions:click": event.count}
        case Engagement(kind="video_view"):
            return {"video_views": event.count}
        case Engagement():
            return {f"interactions:{event.kind}": event.count}
        case Conversion():
            return {"reports": 1}

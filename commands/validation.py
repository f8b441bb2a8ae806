"""What a worker would say of events that arrived now: the judging of `kpis validate` and `kpis import`."""

from collections import Counter
from dataclasses import dataclass, field

from models.admission.rules import refuse_now
from models.campaigns.registry import Registry
from models.events.parsing import Read, Reason, Refusal, read_event
from models.events.schema import LEAF_FIELDS, Adjustment, Event, total_of
from models.topics import INPUT_TOPICS, EventType
from producers.files import Line
from producers.routing import NoRoute, route


class RecentIds:
    """The ids that were seen last, at least `capacity` of them and at most twice as many."""

    def __init__(self, capacity: int) -> None:
        self.forgotten = False
        self._capacity = capacity
        self._current: set[int] = set()
        self._former: set[int] = set()

    def is_new(self, event: Event) -> bool:
        """Remember an event's id; return whether it was not seen before."""
        status = event.status if isinstance(event, Adjustment) else ""
        key = hash((event.campaign_id, event.event_id, status))
        if key in self._current or key in self._former:
            return False
        if len(self._current) == self._capacity:
            self.forgotten = self.forgotten or bool(self._former)
            self._former, self._current = self._current, set()
        self._current.add(key)
        return True


class LastTotals:
    """The times of the last running totals of each leaf, kind and source, of `capacity` of these."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._times: dict[int, int] = {}

    def is_stale(self, event: Event) -> bool:
        """Note an event's total, if it reports one; return whether it is older than the last one."""
        if total_of(event) is None:
            return False
        place = (getattr(event, name) for name in LEAF_FIELDS)
        key = hash((event.type, *place, getattr(event, "kind", None), event.source or ""))
        last = self._times.get(key)
        if last is not None and event.event_time < last:
            return True
        if last is not None or len(self._times) < self._capacity:
            self._times[key] = event.event_time
        return False


def judge(value: bytes, event_type: EventType, registry: Registry | None, now: int) -> Read | Refusal:
    """Judge a record as a worker would if it arrived now (microseconds).

    `registry` is None where the campaigns are not known; then what takes them is not judged.
    """
    read = read_event(event_type, value)
    if isinstance(read, Refusal):
        return read
    return refuse_now(read.event, now, registry) or read


@dataclass
class Verdicts:
    """The verdicts on the first `lines` of a file; `registry` is None where the campaigns are not known."""

    registry: Registry | None
    ids: RecentIds
    totals: LastTotals
    lines: int = 0
    valid: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    repeated: int = 0
    first_repeated: int = 0
    stale: int = 0
    first_stale: int = 0
    ignored: Counter[str] = field(default_factory=Counter)

    def judge(self, line: Line, event_type: EventType | None, now: int) -> Refusal | None:
        """Judge a line as a record that arrives now (microseconds) on a topic, by default its type's own."""
        self.lines = line.number
        read = judge(line.value, event_type or _own_type(line.value), self.registry, now)
        if isinstance(read, Refusal):
            self.refused[read.reason] += 1
            return read
        self.valid += 1
        self.ignored.update(read.ignored)
        if not self.ids.is_new(read.event):
            self.repeated += 1
            self.first_repeated = self.first_repeated or line.number
        elif self.totals.is_stale(read.event):
            self.stale += 1
            self.first_stale = self.first_stale or line.number
        return None


def _own_type(raw: bytes) -> EventType:
    """Return the event's own type; where it has none, any type leads to the refusal."""
    try:
        return INPUT_TOPICS[route(raw, None).topic]
    except NoRoute:
        return "impression"

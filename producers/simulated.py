"""What the simulation yields: an event's bytes, where they go, and what is known of them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from models.topics import EventType

Outcome = Literal["counted", "duplicate", "refused", "invalid_traffic"]


class SimulatedEvent(NamedTuple):
    """One event to be sent at `at`. Times are in microseconds; events sort by `at`, then by `number`.

    The fields after `value` are what the bytes say, known without reading them; for a refused event, what
    they said before they were spoilt. `outcome` is what a worker must make of it, `reason` why it is refused.
    `planted` is the kind of what no person did by themselves (see producers.plan), or of a giveaway.
    """

    at: int
    number: int
    type: EventType
    key: bytes
    value: bytes
    campaign: str
    event_id: str
    event_time: int
    kind: str = ""
    stands_for: int = 1
    person: str | None = None
    consent: bool | None = None
    sentiment: str | None = None
    order_id: str | None = None
    revenue: float | None = None
    currency: str | None = None
    status: str = "confirmed"
    outcome: Outcome = "counted"
    reason: str | None = None
    planted: str | None = None


@dataclass(frozen=True, slots=True)
class Proportions:
    """How much of the traffic goes wrong, each as a share from 0 to 1.

    `bots` and `late` (by minutes to over a day) are shares of the well-formed events; `duplicates` and
    `malformed` are sent in addition to them.
    """

    duplicates: float = 0.01
    late: float = 0.01
    malformed: float = 0.002
    bots: float = 0.02


USUAL = Proportions()

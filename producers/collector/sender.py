"""The sender: one task that brings lots of records to Kafka, each record until it is acknowledged.

What a producer of aiokafka fails to deliver is tried again with a new one, for the failed batch leaves a hole
in the sequence by which the broker knows doubles. The old one goes on until all else that it has is
acknowledged: nothing is handed to a second one whose outcome at the first is open.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError, RecordTooLargeError

from connections.topics import partition_of
from producers.collector.lanes import Lane, Waiting
from producers.collector.lots import Lot
from producers.collector.patience import Patience
from producers.collector.records import Numbered

log = logging.getLogger(__name__)

WINDOW_BYTES = 8 << 20
"""What may be unacknowledged: it is kept in memory, and sent again by a new producer."""
_LINGER_SECONDS = 0.005
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.1, 5.0
_LIVED_SECONDS = 10.0
"""A connection that served for so long was a good one: the next is made soon."""
_CLOSE_SECONDS = 1.0
TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError, RecordTooLargeError)
"""Errors that are the record's own, where it is alone in its batch; all others may pass."""


class Connection(Protocol):
    """A producer of Kafka's; `partitions` counts those of each topic, without prefix."""

    partitions: Mapping[str, int]

    async def send(
        self, topic: str, partition: int, records: Sequence[Numbered]
    ) -> "tuple[int, asyncio.Future[object]]":
        """Send as many of the first records as a batch holds; return how many, and what comes of it."""

    def fault(self) -> str:
        """Say what is wrong, where it is known though nothing has failed yet; else return nothing."""

    async def close(self, within: float) -> None:
        """Close it; what it has not delivered within some seconds is given up."""


Connect = Callable[[], Awaitable[Connection]]
Words = Callable[[BaseException, str], str]


@dataclass(slots=True, eq=False)
class _Link:
    """A connection, and how many batches it has on their way."""

    connection: Connection
    batches: int = 0
    closing: bool = False


class Sender:
    """Brings lots to Kafka through the connections that `connect` makes.

    `room` is set while there is some, `tried` once the first attempt to connect is over.

    `settled` is told each lot of which all is acknowledged or refused for good, `refused` the place in its
    lot of each record that Kafka will never take, `overdue` lots that are not on disk and may not arrive
    soon, in their order. `words` says of an error, and a topic, what is wrong.
    """

    def __init__(
        self,
        connect: Connect,
        words: Words,
        settled: Callable[[Lot], None],
        refused: Callable[[Lot, int], None],
        overdue: Callable[[Sequence[Lot]], None],
    ) -> None:
        self.room, self.tried = asyncio.Event(), asyncio.Event()
        self._connect = connect
        self._words = words
        self._settled = settled
        self._refused = refused
        self._patience = Patience(overdue, asyncio.get_running_loop())
        self._loop = asyncio.get_running_loop()
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._bytes = 0
        self._wake = asyncio.Event()
        self._lingering: asyncio.TimerHandle | None = None
        self._link: _Link | None = None
        self._links: set[_Link] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._partitions: Mapping[str, int] = {}
        self._backoff = 0.0
        self._error = "There is no connection to Kafka yet."
        self._ended = False

    @property
    def answers(self) -> bool:
        """Return whether Kafka acknowledges what is sent to it."""
        return self._link is not None and not self._patience.is_over

    @property
    def is_open(self) -> bool:
        """Return whether a lot that is handed now will probably be acknowledged in time."""
        return self.room.is_set() and self.answers

    @property
    def why(self) -> str:
        """Say why Kafka does not answer; empty if it does."""
        if self.answers:
            return ""
        fault = self._link.connection.fault() if self._link else ""
        age = self._patience.age
        return fault or self._error or f"Kafka has not acknowledged what it was sent {age:.1f} s ago."

    def hand(self, lot: Lot) -> None:
        """Take on a lot: it is sent until it is settled. There must be room."""
        for place, record in enumerate(lot.records):
            self._lane(record).waiting.append(Waiting(lot, place))
        self._bytes += lot.size
        self._patience.add(lot)
        self._look_for_room()
        if not self._lingering:
            self._lingering = self._loop.call_later(_LINGER_SECONDS, self._end_linger)

    def give_up(self) -> None:
        """Wait no longer for what is not on disk."""
        self._patience.give_up()

    def unsettled(self) -> list[Lot]:
        """Return the lots that are not settled, in their order."""
        return self._patience.unsettled()

    async def run(self) -> None:
        """Connect, and send what is handed over, until cancelled."""
        while True:
            began = self._loop.time()
            try:
                connection = await self._connect()
            except Exception as error:
                # Whatever it is: records wait, and only another attempt brings them to Kafka.
                self._trouble(error, "")
            else:
                link = self._begin(connection)
                self.tried.set()
                await self._send_all(link)
            self.tried.set()
            if self._loop.time() - began > _LIVED_SECONDS:
                self._backoff = 0.0
            await asyncio.sleep(self._backoff)
            self._backoff = min(max(2 * self._backoff, _FIRST_BACKOFF), _LONGEST_BACKOFF)

    def end(self) -> None:
        """Try nothing again from now on: what fails stays where it is on disk."""
        self._ended = True

    async def close(self) -> None:
        """Close all connections; what is not acknowledged within a second is given up."""
        self.end()
        self._patience.close()
        if self._lingering:
            self._lingering.cancel()
        for link in list(self._links):
            self._close(link)
        if self._closing:
            await asyncio.wait(self._closing)

    def _begin(self, connection: Connection) -> _Link:
        self._link = _Link(connection)
        self._links.add(self._link)
        self._partitions = connection.partitions
        self._forget_error()
        for lane in list(self._lanes.values()):
            if lane.partition >= self._partitions[lane.topic]:
                self._send_elsewhere(lane)
        self._wake.set()
        self._look_for_room()
        return self._link

    def _send_elsewhere(self, lane: Lane) -> None:
        """Move what waits for a partition that is gone: its topic was made anew, with fewer."""
        waiting = list(lane.waiting)
        lane.waiting.clear()
        for one in waiting:
            self._lane(one.record).waiting.append(one)

    async def _send_all(self, link: _Link) -> None:
        while link is self._link:
            await self._wake.wait()
            self._wake.clear()
            for lane in list(self._lanes.values()):
                if lane.waiting and not lane.in_flight and link is self._link:
                    await self._send(link, lane)

    async def _send(self, link: _Link, lane: Lane) -> None:
        link.batches += 1
        try:
            records, outcome = await link.connection.send(lane.topic, lane.partition, lane.next_records())
        except Exception as error:
            # Nothing was handed over. aiokafka raises more than its own errors where a topic is gone.
            self._fail(link, error, lane.topic)
            self._landed(link)
        else:
            lane.depart(records)
            outcome.add_done_callback(partial(self._answered, link, lane))

    def _answered(self, link: _Link, lane: Lane, outcome: "asyncio.Future[object]") -> None:
        error = asyncio.CancelledError() if outcome.cancelled() else outcome.exception()
        if error is None:
            self._acknowledged(lane.arrived())
        else:
            self._bring_back(lane, error)
            self._fail(link, error, lane.topic)
        self._landed(link)
        if lane.waiting:
            self._wake.set()

    def _landed(self, link: _Link) -> None:
        link.batches -= 1
        if link is not self._link and not link.batches:
            self._close(link)

    def _acknowledged(self, records: Sequence[Waiting]) -> None:
        for lot, _ in records:
            lot.left -= 1
            if not lot.left:
                self._settle(lot)

    def _bring_back(self, lane: Lane, error: BaseException) -> None:
        if not isinstance(error, TOO_LARGE):
            lane.return_to_start()
        elif refused := lane.divide():
            self._refuse(refused, error, lane.topic)

    def _refuse(self, waiting: Waiting, error: BaseException, topic: str) -> None:
        waiting.lot.refused[waiting.place] = self._words(error, topic)
        self._refused(*waiting)
        self._acknowledged([waiting])

    def _settle(self, lot: Lot) -> None:
        self._bytes -= lot.size
        self._patience.settled()
        self._forget_error()
        self._look_for_room()
        self._settled(lot)

    def _fail(self, link: _Link, error: BaseException, topic: str) -> None:
        """Do without a connection: what it has on its way may still arrive, and nothing new goes there."""
        if self._ended or link is not self._link:
            return
        self._link = None
        self._wake.set()
        if isinstance(error, TOO_LARGE):
            self._backoff = 0.0
        self._trouble(error, topic)

    def _trouble(self, error: BaseException, topic: str) -> None:
        why = self._words(error, topic)
        if why != self._error:
            log.warning("%s", why)
        self._error = why
        self._look_for_room()
        self._patience.give_up()

    def _close(self, link: _Link) -> None:
        if link.closing:
            return
        link.closing = True
        self._links.discard(link)
        task = self._loop.create_task(link.connection.close(_CLOSE_SECONDS))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _lane(self, record: Numbered) -> Lane:
        place = (record.topic, partition_of(record.key, self._partitions[record.topic]))
        lane = self._lanes.get(place)
        if lane is None:
            lane = self._lanes[place] = Lane(*place)
        return lane

    def _forget_error(self) -> None:
        """Once nothing waits, what went wrong is over."""
        if not self._bytes:
            self._error = ""

    def _look_for_room(self) -> None:
        if self._link is not None and self._bytes < WINDOW_BYTES:
            self.room.set()
        else:
            self.room.clear()

    def _end_linger(self) -> None:
        self._lingering = None
        self._wake.set()

"""Who listens to the Faust app: is told of rebalances and records, and decides where reading begins."""

from collections.abc import Mapping
from typing import Protocol

from models.state.delta import Source
from streams.kafka.fetched import Fetched
from streams.kafka.shares import Holding


class Listener(Protocol):
    """The owner of what is assigned to this worker.

    Each rebalance calls `release`, `holding`, perhaps `keep` and all of them again, then `claim`, and
    `restore` once the logs of what was claimed are read.
    """

    async def release(self, *, member: bool) -> None:
        """Store what was applied, and own nothing; a member goes on showing what it held."""

    def holding(self, *, member: bool) -> Holding:
        """Return what this worker holds when it joins; nothing else is shown until more is assigned.

        It is called in the consumer's thread.
        """

    async def keep(self, partitions: set[int]) -> None:
        """Show nothing but these, of what was released, from here on; others may be given the rest."""

    async def replaced(self) -> None:
        """End: another worker has this one's name, and its place in the group."""

    def leave(self) -> None:
        """Show nothing any more: this worker leaves the group."""

    @property
    def behind(self) -> bool:
        """Whether anything that is assigned is still to be read before it may be shown."""

    async def claim(self, partitions: set[int]) -> None:
        """Claim what is assigned, so that what others still write counts for nothing."""

    async def restore(self) -> None:
        """Build the state of what was claimed from its logs."""

    def positions(self) -> Mapping[Source, int]:
        """Return the next offset to read of each source whose state is restored."""

    async def wait_for_room(self) -> None:
        """Wait until more may be accepted."""

    def accept(self, source: Source, fetched: Fetched) -> None:
        """Take what was fetched of a source."""


class LogReader(Protocol):
    """Who reads the logs of what is claimed, record by record."""

    def read(self, partition: int, offset: int, value: bytes) -> None:
        """Read one record."""

    def next_offset(self, partition: int) -> int:
        """Return the offset of the record to read next; 0 where no log is open."""

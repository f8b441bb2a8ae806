"""What keeps a worker from its consumer group: asked of the broker whenever it is no member."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from connections.kafka import KafkaUnavailable

log = logging.getLogger(__name__)

ASK_SECONDS = 2.0


class Member(Protocol):
    """Whoever joins the group."""

    @property
    def joined(self) -> bool:
        """Whether it is a member."""

    @property
    def refusal(self) -> str:
        """The error that kept it out when it last tried; empty for none."""


class GroupWatch:
    """`problem` says why the worker is no member; empty while it is, and while nothing is known to be wrong.

    `find_obstacle` asks the broker (connections.group_checks), is told whether the worker may be a member
    already, and raises KafkaUnavailable.
    """

    def __init__(self, find_obstacle: Callable[[bool], Awaitable[str]]) -> None:
        self.problem = ""
        self._find_obstacle = find_obstacle
        self._absent = False

    async def wait(self) -> None:
        """Wait until nothing would keep a worker out."""
        while True:
            self._say(await self._ask(may_be_member=False))
            if not self.problem:
                return
            await asyncio.sleep(ASK_SECONDS)

    async def run(self, member: Member) -> None:
        """Look every two seconds, until cancelled."""
        while True:
            await asyncio.sleep(ASK_SECONDS)
            await self.look(member)

    async def look(self, member: Member) -> None:
        """Look once; who was a member at the last look may well be in the midst of a rebalance."""
        if member.joined or not self._absent:
            self._say("")
        else:
            # Who was never refused may be in the midst of a join that takes long.
            self._say(await self._ask(may_be_member=not member.refusal) or _refused(member.refusal))
        self._absent = not member.joined

    async def _ask(self, *, may_be_member: bool) -> str:
        try:
            return await self._find_obstacle(may_be_member)
        except KafkaUnavailable as error:
            return str(error)

    def _say(self, problem: str) -> None:
        if problem and problem != self.problem:
            log.warning("no member of the consumer group: %s", problem)
        elif self.problem and not problem:
            log.warning("nothing keeps the worker from its consumer group any more")
        self.problem = problem


def _refused(error: str) -> str:
    return f"Kafka refuses the worker as a member of its consumer group ({error})." if error else ""

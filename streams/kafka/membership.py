"""The worker's membership of its group, beside what aiokafka's coordinator does of itself.

All functions run in the loop of the consumer.
"""

import asyncio
from typing import Any, NamedTuple

from aiokafka.errors import KafkaError, NoError, RebalanceInProgressError, for_code
from aiokafka.protocol.group import HeartbeatRequest

from streams.kafka.group_requests import FENCED, NamedHeartbeat, NamedLeave

_LEAVE_IN_ORDER_SECONDS = 1.0


class Member(NamedTuple):
    """What the group knows a member by."""

    generation: int
    member_id: str


NOBODY = Member(-1, "")
"""Before the consumer has connected, and from when the group has put us out."""


def member_of(consumer: Any) -> Member:
    """Return what the group knows us by now."""
    coordinator = consumer._coordinator
    return NOBODY if coordinator is None else Member(coordinator.generation, coordinator.member_id)


def is_member(consumer: Any) -> bool:
    """Return whether the group has not put us out since we last joined, as far as we have heard."""
    return member_of(consumer).generation > 0


async def confirm(consumer: Any) -> bool:
    """Ask the group whether we are a member of its current generation.

    By the connection of fetches: a join holds up that of the coordinator until the others have joined.
    """
    coordinator = consumer._coordinator
    if not is_member(consumer):
        return False
    request = HeartbeatRequest(coordinator.group_id, coordinator.generation, coordinator.member_id)
    code = await _ask(consumer, request)
    return code is not None and for_code(code) in (NoError, RebalanceInProgressError)


async def is_replaced(consumer: Any, former: Member) -> bool:
    """Ask the group whether a worker of our name has taken the place that we had.

    aiokafka's own heartbeats bear no name: the group answers them as if we had been put out, and to join
    again would put out the other.
    """
    coordinator = consumer._coordinator
    if not former.member_id or coordinator._group_instance_id is None:
        return False
    request = NamedHeartbeat(coordinator.group_id, *former, coordinator._group_instance_id)
    return await _ask(consumer, request) == FENCED


async def leave(consumer: Any) -> None:
    """Leave the group now, so that others take over within a heartbeat."""
    coordinator, member = consumer._coordinator, member_of(consumer)
    if coordinator is None:
        return  # Its start is not over: it has joined nothing.
    _, pending = await asyncio.wait(
        [asyncio.create_task(coordinator.close())], timeout=_LEAVE_IN_ORDER_SECONDS
    )
    # It may wait for others to join: our leaving lets the group go on without us, and ends that wait. And it
    # does not let members leave that have a name.
    if member.member_id and (pending or coordinator._group_instance_id is not None):
        name = coordinator._group_instance_id
        await _ask(consumer, NamedLeave(coordinator.group_id, [(member.member_id, name)]))


async def _ask(consumer: Any, request: Any) -> int | None:
    node = consumer._coordinator.coordinator_id
    if node is None:
        return None
    try:
        return int((await consumer._client.send(node, request)).error_code)
    except KafkaError:
        return None

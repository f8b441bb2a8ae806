"""The worker's membership of its group, beside what aiokafka's coordinator does of itself.

All functions run in the loop of the consumer.
"""

import asyncio
from typing import Any

from aiokafka.errors import KafkaError, NoError, RebalanceInProgressError, for_code
from aiokafka.protocol.group import HeartbeatRequest, LeaveGroupRequest

_LEAVE_IN_ORDER_SECONDS = 1.0


def is_member(consumer: Any) -> bool:
    """Return whether the group has not put us out since we last joined, as far as we have heard."""
    return consumer._coordinator is not None and bool(consumer._coordinator.generation > 0)


async def confirm(consumer: Any) -> bool:
    """Ask the group whether we are a member of its current generation.

    By the connection of fetches: a join holds up that of the coordinator until the others have joined.
    """
    coordinator = consumer._coordinator
    if not is_member(consumer) or coordinator.coordinator_id is None:
        return False
    request = HeartbeatRequest(coordinator.group_id, coordinator.generation, coordinator.member_id)
    try:
        answer = await consumer._client.send(coordinator.coordinator_id, request)
    except KafkaError:
        return False
    return for_code(answer.error_code) in (NoError, RebalanceInProgressError)


async def leave(consumer: Any) -> None:
    """Leave the group now, so that others take over within a heartbeat."""
    coordinator = consumer._coordinator
    if coordinator is None:
        return  # Its start is not over: it has joined nothing.
    node, member_id = coordinator.coordinator_id, coordinator.member_id
    _, pending = await asyncio.wait(
        [asyncio.create_task(coordinator.close())], timeout=_LEAVE_IN_ORDER_SECONDS
    )
    if pending and node is not None and member_id:
        # It waits for others to join: our leaving lets the group go on without us, and ends that wait.
        await consumer._client.send(node, LeaveGroupRequest(coordinator.group_id, member_id))

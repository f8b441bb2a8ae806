"""What keeps aiokafka from joining the consumer group, taken from it: until somebody does it does not go on.

Of a refused join, or of a failed heartbeat, aiokafka (0.14) waits until its user has heard; it tells who asks
its consumer for records. Faust asks its fetcher instead, and nobody while nothing is assigned.
"""

from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

NEVER_IDLE_MS = 10 * 365 * 24 * 3_600_000
"""A standby asks for no records: by default aiokafka leaves the group then, and does not come back."""


def take_refusal(consumer: AIOKafkaConsumer) -> str | None:
    """Take the error that the coordination waits with, so that it tries again; return its name."""
    coordinator: Any = consumer._coordinator
    if coordinator is None or coordinator._coordination_task.done():
        return None  # It has not begun, or is over: `coordinates` says so.
    try:
        coordinator.check_errors()
    except KafkaError as error:
        # A heartbeat that failed is only begun again with a join.
        coordinator.request_rejoin()
        return type(error).__name__
    return None


def is_refused(consumer: AIOKafkaConsumer) -> bool:
    """Return whether an error waits to be taken: whoever waits for records is given it, too."""
    return getattr(consumer._coordinator, "_pending_exception", None) is not None


def coordinates(consumer: AIOKafkaConsumer) -> bool:
    """Return whether the coordination runs: without it the worker hears of no rebalance."""
    coordinator: Any = consumer._coordinator
    # A consumer has none until the broker has answered its start, which takes seconds on a busy machine.
    return coordinator is None or not coordinator._coordination_task.done()

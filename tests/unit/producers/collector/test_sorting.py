"""A request's events: written as JSON whatever they hold."""

from typing import Any

from producers.collector.incoming import NotAccepted
from producers.collector.sorting import written


def test_an_event_too_deep_to_be_written_is_too_large_and_no_fault_of_ours() -> None:
    event: dict[str, Any] = {}
    for _ in range(100_000):
        event = {"audience": event}

    found = written(event)

    assert isinstance(found, NotAccepted)
    assert (found.status, found.reason) == (400, "too_large")

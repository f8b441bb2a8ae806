"""What `kpis up` says of a worker that stopped itself."""

from commands.local_service import reason_of


def test_the_reason_is_the_error_that_the_worker_ended_with() -> None:
    lines = "INFO waiting: joining the group\nError: The stored state cannot be used: it is of version 4."

    assert reason_of(lines) == "The stored state cannot be used: it is of version 4."


def test_a_worker_that_was_killed_gives_no_reason() -> None:
    assert reason_of("INFO waiting: joining the consumer group") == ""

"""Why a server ended, from the end of its log."""

import pytest

from embedded.reasons import why_ended

_KAFKA = """\
2026-11-27 16:20:03,123 [main] WARN kafka.server.BrokerServer - something else
2026-11-27 16:20:03,124 [main] ERROR kafka.Kafka$ - Exiting Kafka due to fatal exception.
KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.
\tat org.apache.kafka.network.SocketServer.openServerSocket(SocketServer.java:1)
Caused by: java.net.BindException: Address already in use
\tat java.base/sun.nio.ch.Net.bind0(Native Method)
"""


@pytest.mark.parametrize(
    ("log", "why"),
    [
        (
            "INFO waiting\nError: The state cannot be used: it is of version 4. Stopping; start it again.\n",
            "The state cannot be used: it is of version 4",
        ),
        (_KAFKA, "java.net.BindException: Address already in use"),
        (
            "2026-11-27 16:20:03,1 [x] ERROR a.LogDirFailure - Stopping: all log dirs failed\n",
            "Stopping: all log dirs failed",
        ),
        ("12:M 27 Nov 2026 16:20:03.123 # Bad file format reading the append only file: make a backup.\n",
         "Bad file format reading the append only file: make a backup"),
        ("java.lang.OutOfMemoryError: Java heap space\n\tat Class\n", "OutOfMemoryError: Java heap space"),
        ('Traceback (most recent call last):\n  File "x"\nValueError: not so\n', "ValueError: not so"),
    ],
)  # fmt: skip
def test_the_reason_is_the_error_that_tells_most(log: str, why: str) -> None:
    assert why_ended(1, log) == f"ended with exit code 1: {why}"


def test_a_server_that_was_killed_without_a_word_is_said_to_have_been_killed() -> None:
    assert why_ended(137, "INFO waiting: joining the consumer group").startswith("was killed (SIGKILL")
    assert why_ended(139, "") == "was ended by SIGSEGV"


def test_a_reason_is_one_line_and_not_endless() -> None:
    why = why_ended(1, f"Error: first line\nsecond line {'x' * 1000}")
    assert why.startswith("ended with exit code 1: first line second line")
    assert len(why) < 400

"""Ports of the loopback interface."""

import socket
from collections.abc import Iterator

import pytest

from embedded import ServerFailed
from embedded.ports import free_port, required_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_the_preferred_port_is_given_when_it_is_free() -> None:
    port = free_port()
    assert free_port(port) == port


def test_another_port_is_given_when_the_preferred_one_is_taken(taken: int) -> None:
    assert free_port(taken) not in (0, taken)


def test_a_port_that_somebody_holds_on_all_interfaces_is_taken() -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        port = listener.getsockname()[1]
        assert free_port(port) != port


def test_a_port_whose_connections_just_ended_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            listener.accept()[0].close()
            client.recv(1)
    assert free_port(port) == port


def test_a_required_port_that_is_taken_is_an_error_with_a_remedy(taken: int) -> None:
    with pytest.raises(ServerFailed, match=f"port {taken} is in use.*; stop what listens there"):
        required_port("Kafka", taken)

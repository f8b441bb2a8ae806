"""Ports of the loopback interface."""

import socket

from embedded import ServerFailed

LOOPBACK = "127.0.0.1"


def free_port(preferred: int | None = None) -> int:
    """Return a port that nobody listens on: the preferred one if it is free, else any."""
    if preferred is not None and _is_free(preferred):
        return preferred
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def required_port(server: str, port: int | None) -> int:
    """Return the given port, or any free one if none is given.

    Raises:
        ServerFailed: the given port is in use.

    """
    if port is None or _is_free(port):
        return port or free_port()
    raise ServerFailed(
        f"{server} cannot start: port {port} is in use; stop what listens there or choose another port."
    )


def _is_free(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        # macOS would let us bind although another server listens on all interfaces.
        if client.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket() as probe:
        # Without this, connections that ended within the last minute would make the port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True

"""Tell systemd how we are, where it has started us: its protocol is a datagram to a socket that it names."""

import os
import socket


def notify(message: str) -> None:
    """Send `READY=1`, `STOPPING=1` or `STATUS=…` to whoever set NOTIFY_SOCKET; nothing where nobody did."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        # A reader that is slow is not waited for.
        channel.setblocking(False)
        try:
            # A name that begins with @ stands for one in the abstract namespace.
            channel.sendto(message.encode(), f"\0{address[1:]}" if address.startswith("@") else address)
        except OSError:
            return

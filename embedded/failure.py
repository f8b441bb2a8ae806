"""What callers of this package catch and show."""


class ServerFailed(Exception):
    """A server cannot start; the message says why and what to do, and is all that a user needs."""

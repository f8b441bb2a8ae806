"""Real Kafka and Redis servers that need nothing but Python: for `kpis up` and for the tests."""


class ServerFailed(Exception):
    """A server cannot start; the message says why and what to do, and is all that a user needs."""

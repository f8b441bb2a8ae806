"""What one request may be and hold; the notes beside each say of whom a tighter one would ask too much."""

from connections.patience import Limits

REQUEST_LINE = 8_190
HEADERS = 32_768
HEADER_LINES = 64
PARAMETERS = 100
EVENT = 32_768
EVENTS = 1_000
VISITOR_EVENTS = 50
"""As many as a page's snippet sends at once."""
BODY = 1_048_576
INFLATED = 5 * BODY
UNPROVEN = BODY // 4
"""What a body inflates to at most whose sender proves nothing before it is read: 5 MB of `[],` take 0.3 s."""
RATIO, RATIO_FROM = 200, 262_144
"""Beyond so many bytes, no body inflates to more than so many times its size: batches of events reach 60."""
DEPTH = 8
BODY_SECONDS = 20.0
BODIES = 64 * BODY
"""What bodies may take of memory together."""

HTTP = {
    "max_line_size": REQUEST_LINE,
    "max_field_size": REQUEST_LINE,
    "max_headers": HEADER_LINES,
    # Inflated by us, with a bound while it grows.
    "auto_decompress": False,
    # For the rest of a body that is refused before it is read.
    "lingering_time": 2.0,
}
"""aiohttp's limits, by its names."""


def patience(connections: int) -> Limits:
    """Return what a connection may take, and how many there may be."""
    return Limits(connections=connections, request=10.0, idle=75.0)

"""How far events were sent already, as the last records say."""

from models.times import parse_time
from producers.resuming import latest

EARLY, LATE = "2026-11-23T12:00:00Z", "2026-11-23T12:00:05Z"


def record(time: str) -> bytes:
    return b'{"type":"impression","event_time":"%s"}' % time.encode()


def test_the_latest_event_time_counts_wherever_it_stands() -> None:
    assert latest([record(LATE), record(EARLY)]) == parse_time(LATE)


def test_records_that_are_no_events_say_nothing() -> None:
    odd = [None, b"", b"{", b"[]", b"7", b'{"event_time":7}', b'{"event_time":"noon"}', b"[" * 100_000]
    assert latest([*odd, record(EARLY)]) == parse_time(EARLY)
    assert latest(odd) is None

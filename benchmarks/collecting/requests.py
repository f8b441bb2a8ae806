"""Requests as senders make them: a pixel's, and a batch of events."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from benchmarks.collecting.load import Requests
from benchmarks.records import CAMPAIGNS

KEY = "a-key-of-a-benchmark"
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Now = Callable[[], datetime]


def pixels(now: Now) -> Requests:
    """Return what makes a pixel's request."""

    def request(number: int) -> bytes:
        return (
            f"GET /i.gif?{urlencode(event(number, now()))} HTTP/1.1\r\nHost: c.example\r\n"
            f"User-Agent: {_AGENT}\r\nAccept: image/avif,image/webp,*/*\r\n\r\n"
        ).encode()

    return request


def batches(size: int, now: Now) -> Requests:
    """Return what makes the request of a batch of so many events."""

    def request(number: int) -> bytes:
        at = now()
        body = json.dumps([event(number * size + place, at) for place in range(size)]).encode()
        head = (
            f"POST /v1/events HTTP/1.1\r\nHost: c.example\r\nAuthorization: Bearer {KEY}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return request


def event(number: int, at: datetime) -> dict[str, str]:
    """Make an impression that no other is like."""
    return {
        "type": "impression",
        "event_id": f"impression-{number:012}",
        "event_time": at.astimezone(UTC).isoformat(),
        "campaign_id": f"campaign-{number % CAMPAIGNS}",
        "influencer_id": f"influencer-{number % 10}",
        "content_id": f"reel-{number % 40}",
        "channel": "instagram",
    }

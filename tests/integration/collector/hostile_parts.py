"""What attacks are made of: requests byte by byte, values that are none, bodies that are not as they seem."""

import gzip
import random
import zlib
from functools import cache
from typing import Any

import zstandard

from models.times import format_time
from tests.integration.running import now

Draw = random.Random
NASTY = (
    *(
        "",
        "\0",
        "\r\nX-Injected: 1",
        "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "../../etc/passwd",
        "{click_id}",
        "-1",
    ),
    *(
        "NaN",
        "1e999",
        "9" * 5000,
        "null",
        "true",
        "ana",
        "glow",
        "reel",
        "😀",
        "\u202e",
        "' OR 1=1",
        "<script>",
    ),
    *("__CLICKID__", "A" * 200, "[" * 900, "%", "%zz", "%00", "a" * 3000),
)
NAMES = (
    *(
        "c",
        "i",
        "k",
        "ch",
        "e",
        "p",
        "t",
        "type",
        "kind",
        "order_id",
        "revenue",
        "currency",
        "consent",
        "count",
    ),
    *(
        "total",
        "ago",
        "status",
        "code",
        "click_id",
        "ts",
        "sig",
        "audience.country",
        "source",
        "text",
        "gclid",
    ),
)


def get(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    """Write a request without a body."""
    return b"\r\n".join((method + b" " + path + b" HTTP/1.1", b"Host: c.example", *headers, b"", b""))


def post(path: bytes, body: bytes, *headers: bytes) -> bytes:
    """Write a request with a body."""
    return get(path, b"Content-Length: %d" % len(body), *headers, method=b"POST") + body


def anything(draw: Draw, depth: int = 3) -> Any:
    """Make a value of JSON."""
    if depth and draw.random() < 0.4:
        inner = [anything(draw, depth - 1) for _ in range(draw.randrange(4))]
        return inner if draw.random() < 0.5 else {draw.choice((*NAMES, *NASTY)): one for one in inner}
    return draw.choice((None, True, 0, -1, 2**70, 1e308, draw.random(), *NASTY, "so \ud83d"))


def event(draw: Draw) -> dict[str, Any]:
    """Make an event that may count, with some of its fields anything."""
    said = {"type": "impression", "event_id": f"{draw.getrandbits(60)}", "event_time": format_time(now())}
    said |= {"campaign_id": "glow", "influencer_id": "ana", "content_id": "r1", "channel": "instagram"}
    for _ in range(draw.randrange(3)):
        said[draw.choice((*said, *NAMES))] = anything(draw)
    return said


@cache
def bombs() -> tuple[tuple[bytes, bytes], ...]:
    """Make bodies that grow, or are of many parts, with how they are encoded."""
    zeros, lists = bytes(20_000_000), b"[" + b"[]," * 1_600_000 + b"[]]"
    deep = b"[" * 200_000 + b"]" * 200_000
    many = b",".join(random.Random(0).choices((b"[]", b"[ ]"), k=1_400_000))
    empty, zstd = gzip.compress(b""), zstandard.ZstdCompressor().compress
    return (
        (b"gzip", gzip.compress(zeros)),
        (b"zstd", zstd(zeros)),
        (b"gzip", gzip.compress(gzip.compress(zeros))),
        (b"gzip", gzip.compress(lists)),
        (b"gzip", gzip.compress(deep)),
        (b"gzip", gzip.compress(b"[%s]" % many)),
        (b"gzip", gzip.compress(many.replace(b",", b"\n"))),
        (b"identity", b"[" + b"0," * 500_000 + b"0]"),
        (b"zstd", zstd(deep)),
        (b"gzip", empty * (900_000 // len(empty))),
        (b"zstd", zstd(b"") * (900_000 // len(zstd(b"")))),
        (b"gzip", zlib.compress(b"[]")),
        (b"gzip", gzip.compress(b"[]")[:-1]),
        (b"zstd", zstd(b"[]")[:-1]),
        (b"br", b"[]"),
        (b"gzip, gzip", gzip.compress(gzip.compress(b"[]"))),
    )

"""What strangers send, drawn from a seed: written byte by byte, for any client of HTTP would correct it."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from tests.integration.collector.collecting import BROWSER, HOOK_SECRET, KEY, TOKEN
from tests.integration.collector.hostile_parts import NAMES, NASTY, Draw, anything, bombs, event, get, post

AGENT = f"User-Agent: {BROWSER['User-Agent']}".encode()
BEARER = f"Authorization: Bearer {KEY}".encode()
PIXEL = b"/i.gif?c=glow&i=ana&k=r1&ch=instagram"


class Attack(NamedTuple):
    """What is sent on one connection, in pieces, of as many `requests` at most.

    Who `stays` waits for an answer to each; who does not goes away in the midst.
    """

    pieces: tuple[bytes, ...]
    requests: int = 1
    stays: bool = True
    pause: float = 0.0
    bodiless: bool = False


def well_behaved(draw: Draw) -> Attack:
    """Ask what is to be answered as ever."""
    return Attack((get(PIXEL + b"&e=%d" % draw.getrandbits(60), AGENT),))


def no_http(draw: Draw) -> Attack:
    """Send what is no HTTP, or claims several lengths."""
    lengths = (b"-1", b"+5", b"5, 6", b"9" * 30, b"0x5", b"5\r\nContent-Length: 6")
    line = draw.choice(
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + draw.randbytes(60),
            b"\0" * draw.randrange(1, 2000),
            b"GET /i.gif HTTP/9.9\r\n\r\n",
            b"get /i.gif HTTP/1.1\r\n\r\n",
            b"GET  /i.gif  HTTP/1.1\r\n\r\n",
            get(PIXEL, b"X Y: z"),
            get(PIXEL, b"X\0: z"),
            get(PIXEL, b": z"),
            get(PIXEL, b"X: a\0b"),
            get(PIXEL, b"Transfer-Encoding: xchunked", b"Content-Length: 3") + b"abc",
            get(b"/v1/events", b"Content-Length: " + draw.choice(lengths), BEARER, method=b"POST"),
            post(b"/v1/events", b"2\r\n[]\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", BEARER),
        )
    )
    return Attack((line,))


def too_much(draw: Draw) -> Attack:
    """Send larger heads and bodies than may be: the answer may come before all is sent, and is then lost."""
    size = draw.randrange(9000, 700_000)
    many = [b"X-%d: %s" % (number, b"a" * 40) for number in range(draw.randrange(65, 3000))]
    sent = draw.choice(
        (
            get(b"/" + b"a" * size),
            get(PIXEL, b"X: " + b"a" * size),
            get(PIXEL, *many),
            get(PIXEL, *(b"Y-%d: %s" % (number, b"b" * 8000) for number in range(5))),
            get(b"/i.gif?" + b"&".join(b"a%d=" % number for number in range(900))),
            post(b"/v1/events", b"x" * 5_000_000, BEARER),
            post(b"/i.gif", b"x" * 1_100_000),
        )
    )
    return Attack((sent,), stays=False)


def injected(draw: Draw) -> Attack:
    """Try to end a header of the answer."""
    value = quote(draw.choice(NASTY), safe="").encode()
    path = draw.choice((b"/c/reel?gclid=", b"/c/", b"/c/reel", b"/hooks/", b"/i.gif?e=", b"/")) + value
    headers = (
        b"Origin: https://a.example%0d%0aX-Injected: 1",
        b"X-Forwarded-For: " + draw.randbytes(8).hex().encode(),
    )
    return Attack((get(path, *headers, b"User-Agent: \xff\xfe" + value),))


def any_query(draw: Draw) -> Attack:
    """Ask with parameters of any value."""
    query = "&".join(
        f"{draw.choice(NAMES)}={quote(draw.choice(NASTY))}" for _ in range(draw.randrange(12))
    ).encode()
    token = f"source=network&token={TOKEN}&campaign_id=glow&order_id=".encode()
    path = draw.choice((PIXEL + b"&", b"/i.gif?", b"/postback?", b"/postback?" + token, b"/c/reel?"))
    return Attack((get(path + query, draw.choice((AGENT, b"Purpose: prefetch", b"DNT: 1"))),))


def any_body(draw: Draw) -> Attack:
    """Send events of which some fields are anything, where they belong and where they do not."""
    said = draw.choice((event(draw), [event(draw) for _ in range(draw.randrange(40))], anything(draw)))
    body = json.dumps(draw.choice((said, {"type": "track", "batch": [said]}))).encode()
    if draw.random() < 0.3:
        body = draw.choice(
            (body[: len(body) // 2], body.replace(b"{", b"[", 1), b"[" * 9000, draw.randbytes(500))
        )
    mac = base64.b64encode(hmac.digest(HOOK_SECRET.encode(), body, hashlib.sha256))
    signed = (
        b"X-Shopify-Hmac-SHA256: " + mac,
        b"X-Shopify-Topic: " + draw.choice((b"orders/paid", b"refunds/create")),
    )
    path = draw.choice((b"/v1/events", b"/v1/batch", b"/i.gif", b"/postback", b"/hooks/shopify/boutique"))
    return Attack((post(path, body, BEARER, AGENT, *signed),))


def bomb(draw: Draw) -> Attack:
    """Send a body that is more than it seems."""
    encoding, body = draw.choice(bombs())
    path = draw.choice((b"/v1/events", b"/v1/batch", b"/i.gif", b"/postback", b"/hooks/shopify/boutique"))
    return Attack((post(path, body, BEARER, AGENT, b"Content-Encoding: " + encoding),))


def chunked(draw: Draw) -> Attack:
    """Send a body in chunks, of which one may be none.

    Where that comes after the request is begun to be answered, its body is waited for in vain, as a slow one.
    """
    head = get(b"/v1/events", BEARER, b"Transfer-Encoding: chunked", method=b"POST")
    chunks = (
        b"zz\r\n",
        b"-1\r\n",
        b"F" * 20 + b"\r\n",
        b"2;a=" + b"b" * 5000 + b"\r\n[]\r\n",
        b"2\r\n[]\r\n",
    )
    pieces = (head, draw.choice(chunks), b"0\r\n\r\n")
    if draw.random() < 0.5:
        return Attack(pieces, stays=False, pause=0.03)
    return Attack((b"".join(pieces),))


def one_after_the_other(draw: Draw) -> Attack:
    """Send many requests at once."""
    many = draw.randrange(2, 60)
    asked = (get(PIXEL + b"&e=%d" % draw.getrandbits(60), AGENT) for _ in range(many))
    return Attack((draw.choice((b"", b"\r\n")).join(asked),), many)


def odd_method(draw: Draw) -> Attack:
    """Ask with other methods, and for other protocols."""
    upgrade = get(PIXEL, b"Upgrade: websocket", b"Connection: Upgrade") + b"abc"
    methods = (b"HEAD", b"TRACE", b"PROPFIND", b"DELETE", b"OPTIONS")
    if draw.random() < 0.2:
        return Attack((draw.choice((upgrade, post(b"/v1/events", b"{}", BEARER, b"Expect: 200-maybe"))),))
    method = draw.choice(methods)
    path = draw.choice((b"*", PIXEL, b"/postback", b"/c/reel", b"/readyz", b"http://c.example/i.gif"))
    return Attack((get(path, method=method),), bodiless=method == b"HEAD")


def slow(draw: Draw) -> Attack:
    """Send a head little by little."""
    whole = get(PIXEL + b"&e=%d" % draw.getrandbits(60), AGENT)
    return Attack(tuple(whole[at : at + 30] for at in range(0, len(whole), 30)), pause=draw.random() / 10)


def cut_off(draw: Draw) -> Attack:
    """Go away in the midst of a request, or before its answer."""
    whole = draw.choice(
        (
            get(PIXEL, AGENT),
            post(b"/v1/events", json.dumps([event(draw)]).encode(), BEARER),
            get(b"/t.js") * 200,
        )
    )
    return Attack((whole[: draw.randrange(1, len(whole) + 1)],), whole.count(b" HTTP/1.1"), stays=False)


KINDS: Mapping[str, Callable[[Draw], Attack]] = {
    one.__name__: one
    for one in (
        *(well_behaved, no_http, too_much, injected, any_query, any_body, bomb, chunked),
        *(one_after_the_other, odd_method, slow, cut_off),
    )
}

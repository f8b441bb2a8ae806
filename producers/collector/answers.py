"""What is answered: JSON, a dot, or an address, with the headers that browsers need."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from aiohttp import web

from producers.collector.incoming import NotAccepted, TryLater
from producers.collector.pixel import GIF

REASON = "X-Kpi-Reason"
_ALWAYS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Server": "kpis",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_MAX_AGE = "3600"

_SENTENCES: Mapping[str, str] = {
    "broken_body": "the body ends too early, or is not in the encoding that Content-Encoding names",
    "malformed": "this is no HTTP request that can be read, or its head is too large",
    "method_not_allowed": "this address takes other methods: see Allow",
    "no_events": "the body holds no event",
    "not_found": "there is nothing at this address",
    "not_json": "the body is no JSON",
    "overloaded": "events cannot be kept for now: send it again later",
    "own_fault": "the collector failed: send it again later",
    "rate_limited": "too many requests: send it again later",
    "slow_body": "the body took too long",
    "too_large": "the request is larger than may be",
    "too_many_events": "a request may hold fewer events",
    "too_many_parameters": "the address has more parameters than may be",
    "unknown_link": "no campaign has this link",
    "registry_missing": "the campaigns are not known yet: try again later",
    "unsupported_encoding": "Content-Encoding must be gzip or zstd, or absent",
    "unsupported_type": "Content-Type must be JSON, NDJSON, or text/plain",
    "wrong_key": "Authorization must be Bearer and a key that the collector knows",
}


def answer(status: int, said: Any = None, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer in JSON, or with nothing."""
    body = b"" if said is None else msgspec.json.encode(said)
    kind = {} if said is None else {"Content-Type": "application/json"}
    return web.Response(status=status, body=body, headers={**_ALWAYS, **kind, **(headers or {})})


def text(
    said: str | bytes, kind: str, headers: Mapping[str, str] | None = None, status: int = 200
) -> web.Response:
    """Answer with a text of a type."""
    body = said.encode() if isinstance(said, str) else said
    return web.Response(
        status=status, body=body, headers={**_ALWAYS, "Content-Type": kind, **(headers or {})}
    )


def dot(status: int = 200, reason: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer a pixel: the dot is shown whatever became of the event."""
    said = {REASON: reason} if reason else {}
    return text(GIF, "image/gif", {**anybody(), **said, **(headers or {})}, status)


def redirect(address: str) -> web.Response:
    """Lead a visitor on; no browser may remember it, or later clicks would not be seen."""
    return answer(302, headers={"Location": address})


def refusal(error: NotAccepted) -> web.Response:
    """Answer that nothing of a request was taken."""
    said = {"error": sentence(error.reason), "reason": error.reason, "field": error.field}
    return answer(error.status, said, _retry(error))


def refused_dot(error: NotAccepted) -> web.Response:
    """Answer a pixel whose event was not taken."""
    return dot(error.status, error.reason, _retry(error))


def sentence(reason: str) -> str:
    """Say in words why a request is not taken."""
    return _SENTENCES.get(reason, reason.replace("_", " "))


def _retry(error: NotAccepted) -> dict[str, str]:
    return {"Retry-After": str(error.seconds)} if isinstance(error, TryLater) else {}


def anybody() -> dict[str, str]:
    """Let the pages of anybody read the answer; no credentials are ever asked for."""
    return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": f"{REASON}, Retry-After"}


def preflight(allowed: Mapping[str, str], methods: str) -> web.Response:
    """Answer a browser that asks what it may send."""
    asked = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding",
        "Access-Control-Max-Age": _MAX_AGE,
    }
    return answer(HTTPStatus.NO_CONTENT, headers={**(asked if allowed else {"Allow": methods}), **allowed})

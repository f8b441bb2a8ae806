"""Every request: to its endpoint, and whatever comes of it counted and answered."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from connections.door import Client
from connections.listening import END_SECONDS
from producers.collector import browsers, links, servers
from producers.collector.answers import anybody, preflight, refusal, refused_dot, text
from producers.collector.asked import Asked
from producers.collector.collector import Collector
from producers.collector.incoming import NotAccepted
from producers.collector.limits import HEADERS, PARAMETERS
from producers.collector.metrics import CONTENT_TYPE
from producers.collector.snippet import HEADERS as SNIPPET_HEADERS
from producers.collector.snippet import read_snippet
from producers.collector.visitors import clean

log = logging.getLogger(__name__)

Handler = Callable[[Collector, Asked], Awaitable[web.Response]]
OTHER = "other"
_ROBOTS = "User-agent: *\nDisallow: /\n"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What answers at an address: its name in metrics, a handler for each method, how a GET is refused.

    `pages` are those that may read the answers: `any`, those `listed`, or `none`. Where a request `is_event`,
    one that is refused is an event refused.
    """

    name: str
    handlers: Mapping[str, Handler]
    refuse: Callable[[NotAccepted], web.Response] = refusal
    pages: str = "none"
    is_event: bool = False

    @property
    def methods(self) -> str:
        """Its methods, as Allow lists them."""
        return ", ".join((*self.handlers, "OPTIONS"))

    def refusal(self, method: str, error: NotAccepted) -> web.Response:
        """Refuse a request: what was posted always in JSON."""
        return refusal(error) if method == "POST" else self.refuse(error)

    def handler(self, method: str) -> Handler | None:
        """Return what answers a method; a head is what a page would be."""
        return self.handlers.get("GET" if method == "HEAD" else method)


def application(collector: Collector) -> web.ServerRunner:
    """Return what runs behind a door."""
    return web.ServerRunner(web.Server(answering(collector)), shutdown_timeout=END_SECONDS)


def answering(collector: Collector) -> Callable[[web.BaseRequest], Awaitable[web.Response]]:
    """Return what answers every request."""
    exact, under = _endpoints()

    async def handle(request: web.BaseRequest) -> web.Response:
        client = request.protocol
        if isinstance(client, Client):
            client.began()
        path, _, query = clean(request.raw_path).partition("?")
        endpoint, rest = _found(exact, under, path)
        response = await _answered(collector, endpoint, request, rest, query, collector.clock())
        collector.metrics.request(endpoint.name, response.status)
        _allow_pages(collector, endpoint, request, response)
        return response

    return handle


def malformed(collector: Collector) -> web.Response:
    """Count and answer what is no HTTP."""
    collector.metrics.request(OTHER, 400)
    collector.metrics.refused(OTHER, "malformed", events=0)
    return refusal(NotAccepted(400, "malformed"))


async def _answered(
    collector: Collector, endpoint: Endpoint, request: web.BaseRequest, rest: str, query: str, now: int
) -> web.Response:
    if request.method == "OPTIONS":
        return preflight(_pages_of(collector, endpoint, request), endpoint.methods)
    handler = endpoint.handler(request.method)
    events = int(endpoint.is_event and request.method in endpoint.handlers)
    try:
        if handler is None:
            elsewhere = endpoint.name == OTHER
            raise NotAccepted(404, "not_found") if elsewhere else NotAccepted(405, "method_not_allowed")
        return await handler(collector, Asked(request, rest, _parameters(request, query), now))
    except NotAccepted as error:
        collector.metrics.refused(endpoint.name, error.reason, events=events)
        response = endpoint.refusal(request.method, error)
        if error.status == 405:
            response.headers["Allow"] = endpoint.methods
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    except Exception as error:
        log.error("%s failed: %s", endpoint.name, _where(error))
        collector.metrics.refused(endpoint.name, "own_fault", events=events)
        return endpoint.refusal(request.method, NotAccepted(500, "own_fault"))


def _where(error: Exception) -> str:
    """Say what failed and where; what an exception says may be what a visitor sent."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{place}"


def _parameters(request: web.BaseRequest, query: str) -> tuple[tuple[str, str], ...]:
    if sum(len(name) + len(value) for name, value in request.raw_headers) > HEADERS:
        raise NotAccepted(431, "too_large")
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS))
    except ValueError:
        raise NotAccepted(400, "too_many_parameters") from None


def _found(exact: Mapping[str, Endpoint], under: Mapping[str, Endpoint], path: str) -> tuple[Endpoint, str]:
    endpoint = exact.get(path)
    if endpoint is not None:
        return endpoint, ""
    for before, one in under.items():
        if path.startswith(before) and len(path) > len(before):
            return one, path[len(before) :]
    return exact[OTHER], ""


def _allow_pages(
    collector: Collector, endpoint: Endpoint, request: web.BaseRequest, response: web.Response
) -> None:
    for name, value in _pages_of(collector, endpoint, request).items():
        response.headers[name] = value


def _pages_of(collector: Collector, endpoint: Endpoint, request: web.BaseRequest) -> dict[str, str]:
    """Return the headers that let a page of another origin read an answer, if its origin may."""
    if endpoint.pages == "any":
        return anybody()
    origin = request.headers.get("Origin", "").lower() if endpoint.pages == "listed" else ""
    if origin and origin in collector.options.origins:
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    return {}


def _endpoints() -> tuple[dict[str, Endpoint], dict[str, Endpoint]]:
    """Return the endpoints by their path, and those whose path goes on, by its beginning."""
    script = read_snippet()

    async def snippet(_: Collector, __: Asked) -> web.Response:
        return text(script.body, SNIPPET_HEADERS["Content-Type"], SNIPPET_HEADERS)

    pixel = Endpoint(
        "pixel", {"GET": browsers.pixel, "POST": browsers.snippet}, refused_dot, pages="any", is_event=True
    )
    exact = {
        "/i.gif": pixel,
        "/v1/events": Endpoint("events", {"POST": servers.events}, pages="listed"),
        "/v1/batch": Endpoint("batch", {"POST": servers.segment_batch}, pages="listed"),
        "/postback": Endpoint(
            "postback", {"GET": servers.postbacks, "POST": servers.postbacks}, is_event=True
        ),
        "/t.js": Endpoint("snippet", {"GET": snippet}, pages="any"),
        "/robots.txt": Endpoint("robots", {"GET": _robots}),
        "/livez": Endpoint("livez", {"GET": _livez}),
        "/readyz": Endpoint("readyz", {"GET": _readyz}),
        "/metrics": Endpoint("metrics", {"GET": _metrics}),
        OTHER: Endpoint(OTHER, {"GET": _nothing}),
    }
    under = {"/c/": Endpoint("click", {"GET": links.follow})} | {
        f"/hooks/{kind}/": Endpoint(servers.hook_name(kind), {"POST": servers.hook(kind)})
        for kind in servers.SHOPS
    }
    return exact, under


async def _robots(_: Collector, __: Asked) -> web.Response:
    return text(_ROBOTS, "text/plain; charset=utf-8")


async def _livez(_: Collector, __: Asked) -> web.Response:
    return text("alive\n", "text/plain; charset=utf-8")


async def _readyz(collector: Collector, _: Asked) -> web.Response:
    ready, why = collector.ready()
    return text(f"{why}\n", "text/plain; charset=utf-8", status=200 if ready else 503)


async def _metrics(collector: Collector, _: Asked) -> web.Response:
    return text(collector.metrics.page(), CONTENT_TYPE)


async def _nothing(_: Collector, __: Asked) -> web.Response:
    raise NotAccepted(404, "not_found")

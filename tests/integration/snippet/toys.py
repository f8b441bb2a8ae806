"""A site with a strict policy, and a collector that writes down what it is sent."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from producers.collector.snippet import HEADERS, read_snippet
from tests.browser import eventually

Event = dict[str, Any]
STYLE = """
body { margin: 0 }
.box { display: block; width: 300px; height: 200px }
.gap { height: 3000px }
"""


@dataclass
class ToyCollector:
    """Serves /t.js; keeps the events sent with when each happened, and answers as told."""

    url: str = ""
    events: list[Event] = field(default_factory=list)
    bodies: list[list[Event]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    """What the next requests are answered; then 200."""

    async def count(self, number: int, seconds: float = 10) -> list[Event]:
        """Wait for so many events, and return all."""
        await eventually(
            lambda: len(self.events) >= number, seconds, f"{number} events; there are {self.events}"
        )
        return self.events

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.seen.append(request.path)
        if request.path == "/t.js":
            return web.Response(body=read_snippet().body, headers=HEADERS)
        if request.method != "POST":
            return web.Response(status=204)
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            assert request.transport
            request.transport.abort()
        sent = json.loads(await request.text())
        self.bodies.append(sent)
        happened = time.time()
        self.events += [event | {"at": happened - event["ago"] / 1000, "status": status} for event in sent]
        return web.json_response({}, status=status, headers={"Access-Control-Allow-Origin": "*"})


@dataclass
class ToySite:
    """Serves pages by path; keeps who asked for what, with its purpose, and what its policy forbade."""

    url: str = ""
    policy: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    served: list[tuple[str, str, float]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """What /gate waits for."""

    def page(self, path: str, tag: str, body: str = "", script: str = "") -> str:
        """Write a page and its own script; return its address."""
        own = f'<script src="{path}.js"></script>' if script else ""
        head = f'<title>Toy</title><link rel="stylesheet" href="/toy.css">{own}{tag}'
        self.pages[path] = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
        self.pages[f"{path}.js"] = script
        return self.url + path

    def times(self, path: str) -> list[float]:
        """Return when a page was asked for."""
        return [at for asked, _, at in self.served if asked == path]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        if request.path == "/violation":
            self.violations.append(await request.text())
            return web.Response()
        if request.path == "/gate":
            await self.gate.wait()
        self.served.append((request.path, request.headers.get("Sec-Purpose", ""), time.time()))
        if request.path == "/toy.css":
            return web.Response(text=STYLE, content_type="text/css")
        if request.path not in self.pages:
            return web.Response(status=404)
        kind = "text/javascript" if request.path.endswith(".js") else "text/html"
        headers = {"Content-Security-Policy": self.policy, "Cache-Control": "no-store"}
        return web.Response(text=self.pages[request.path], content_type=kind, headers=headers)


@asynccontextmanager
async def toys() -> AsyncIterator[tuple[ToySite, ToyCollector]]:
    """Run both, at addresses of two sites, until the block ends."""
    site, collector = ToySite(), ToyCollector()
    async with served(collector.handle) as collectors, served(site.handle) as sites:
        # Another host than the site's, so another site.
        collector.url = f"http://localhost:{collectors}"
        site.url = f"http://127.0.0.1:{sites}"
        site.policy = (
            f"default-src 'none'; script-src 'self' {collector.url}/t.js; connect-src {collector.url}; "
            f"img-src {collector.url}; style-src 'self'; report-uri /violation"
        )
        try:
            yield site, collector
        finally:
            site.gate.set()


@asynccontextmanager
async def served(handler: Any) -> AsyncIterator[int]:
    """Serve at a free port of this machine; give it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()

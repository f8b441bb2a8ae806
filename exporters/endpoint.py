"""/metrics, /livez, /readyz and the views over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator

from aiohttp import web

from connections.door import Client
from connections.listening import END_SECONDS, Serving, listen
from connections.patience import Limits
from exporters.collector import Overtaken
from exporters.exposition import Pages, negotiate
from models.readings.pipeline import Readiness

_TURN_SECONDS = 0.02
"""How long a page is worked on before others have their turn: its first step, which reads all, is longer."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(
    address: str,
    pages: Pages,
    readiness: Callable[[], Readiness],
    views: Iterable[web.RouteDef] = (),
    limits: Limits = Limits(),  # noqa: B008  # it never changes
) -> Serving:
    """Listen at HOST:PORT until what is returned is cleaned up.

    Raises:
        AddressInUse: the address cannot be listened at.

    """
    application = _application(pages, readiness, views)
    runner = web.AppRunner(application, shutdown_timeout=END_SECONDS)
    return await listen(runner, address, "KPIS_METRICS_ADDRESS", limits)


def _application(
    pages: Pages, readiness: Callable[[], Readiness], views: Iterable[web.RouteDef]
) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        encode, content_type = negotiate(",".join(request.headers.getall("Accept", [])))
        body = await written(lambda: encode(pages))
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def livez(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        state = readiness()
        return web.Response(text=f"{state.reason}\n", status=200 if state.ready else 503)

    application = web.Application(middlewares=[_in_its_turn])
    application.add_routes(
        [web.get("/metrics", metrics), web.get("/livez", livez), web.get("/readyz", readyz), *views]
    )
    return application


async def written(write: Callable[[], Iterator[bytes]], clock: Callable[[], float] = time.monotonic) -> bytes:
    """Write a page in turns with whatever else is to be done; at once, where another try was overtaken."""
    parts: list[bytes] = []
    try:
        began = clock()
        for part in write():
            parts.append(part)
            if clock() - began > _TURN_SECONDS:
                await asyncio.sleep(0)
                began = clock()
    except Overtaken:
        parts = list(write())
    return b"".join(parts)


@web.middleware
async def _in_its_turn(request: web.Request, handler: Handler) -> web.StreamResponse:
    client = request.protocol
    assert isinstance(client, Client), "the door lets in no other"
    await client.begin()
    return await handler(request)

"""/metrics, /livez, /readyz and the views over HTTP."""

from collections.abc import Callable, Iterable

from aiohttp import web
from prometheus_client import CollectorRegistry

from exporters.exposition import negotiate
from models.readings.pipeline import Readiness


class AddressInUse(Exception):
    """Another process listens at the address."""


async def serve(
    address: str,
    registry: CollectorRegistry,
    readiness: Callable[[], Readiness],
    views: Iterable[web.RouteDef] = (),
) -> web.AppRunner:
    """Listen at HOST:PORT until the returned runner is cleaned up.

    Raises:
        AddressInUse: the address cannot be listened at.

    """
    host, _, port = address.rpartition(":")
    runner = web.AppRunner(_application(registry, readiness, views), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host.strip("[]"), int(port)).start()
    except OSError as error:
        await runner.cleanup()
        raise AddressInUse(
            f"Cannot listen at {address} ({error.strerror}). Set KPIS_METRICS_ADDRESS to another port."
        ) from None
    return runner


def _application(
    registry: CollectorRegistry, readiness: Callable[[], Readiness], views: Iterable[web.RouteDef]
) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        encode, content_type = negotiate(request.headers.get("Accept", ""))
        return web.Response(body=encode(registry), headers={"Content-Type": content_type})

    async def livez(_: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(_: web.Request) -> web.Response:
        state = readiness()
        return web.Response(text=f"{state.reason}\n", status=200 if state.ready else 503)

    application = web.Application()
    application.add_routes(
        [web.get("/metrics", metrics), web.get("/livez", livez), web.get("/readyz", readyz), *views]
    )
    return application

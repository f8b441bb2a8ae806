"""/metrics, /livez, /readyz and the views over HTTP."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry

from exporters.door import Client, Door
from exporters.exposition import negotiate
from exporters.patience import Limits
from models.readings.pipeline import Readiness

_END_SECONDS = 5.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AddressInUse(Exception):
    """Another process listens at the address."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What listens."""

    door: Door
    runner: web.AppRunner

    @property
    def addresses(self) -> list[Any]:
        """Where it listens: host and port first."""
        return self.door.addresses

    async def cleanup(self) -> None:
        """End, within seconds, whatever clients do."""
        await self.door.close()
        await self.runner.cleanup()


async def serve(
    address: str,
    registry: CollectorRegistry,
    readiness: Callable[[], Readiness],
    views: Iterable[web.RouteDef] = (),
    limits: Limits = Limits(),  # noqa: B008  # it never changes
) -> Serving:
    """Listen at HOST:PORT until what is returned is cleaned up.

    Raises:
        AddressInUse: the address cannot be listened at.

    """
    host, _, port = address.rpartition(":")
    runner = web.AppRunner(_application(registry, readiness, views), shutdown_timeout=_END_SECONDS)
    await runner.setup()
    assert runner.server is not None, "it is set up"
    door = Door(runner.server, limits)
    try:
        await door.open(host.strip("[]"), int(port))
    except OSError as error:
        await runner.cleanup()
        raise AddressInUse(
            f"Cannot listen at {address} ({error.strerror}). Set KPIS_METRICS_ADDRESS to another port."
        ) from None
    return Serving(door, runner)


def _application(
    registry: CollectorRegistry, readiness: Callable[[], Readiness], views: Iterable[web.RouteDef]
) -> web.Application:
    async def metrics(request: web.Request) -> web.Response:
        encode, content_type = negotiate(",".join(request.headers.getall("Accept", [])))
        return web.Response(body=encode(registry), headers={"Content-Type": content_type})

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


@web.middleware
async def _in_its_turn(request: web.Request, handler: Handler) -> web.StreamResponse:
    client = request.protocol
    assert isinstance(client, Client), "the door lets in no other"
    await client.begin()
    return await handler(request)

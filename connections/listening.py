"""What listens behind a door, until it is cleaned up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from aiohttp import web

from connections.door import Door
from connections.patience import Limits

END_SECONDS = 5.0
"""How long requests that are under way have at the end."""


class AddressInUse(Exception):
    """An address cannot be listened at; the message says which, why, and which setting names another."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What listens."""

    door: Door
    runner: web.BaseRunner

    @property
    def addresses(self) -> list[Any]:
        """Where it listens: host and port first."""
        return self.door.addresses

    async def cleanup(self) -> None:
        """End, within seconds, whatever clients do."""
        await self.door.close()
        await self.runner.cleanup()


async def listen(
    runner: web.BaseRunner,
    address: str,
    setting: str,
    limits: Limits,
    *,
    options: Mapping[str, Any] = MappingProxyType({}),
    malformed: Callable[[], web.StreamResponse | None] = lambda: None,
    shared: bool = False,
) -> Serving:
    """Listen at HOST:PORT, which `setting` names; the options are those of the door.

    Raises:
        AddressInUse: the address cannot be listened at.

    """
    host, port = host_and_port(address)
    await runner.setup()
    assert runner.server is not None, "it is set up"
    door = Door(runner.server, limits, options, malformed)
    try:
        await door.open(host, port, shared=shared)
    except OSError as error:
        await runner.cleanup()
        raise in_use(address, setting, error) from None
    return Serving(door, runner)


def host_and_port(address: str) -> tuple[str, int]:
    """Divide HOST:PORT; an IPv6 address may stand in brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def in_use(address: str, setting: str, error: OSError) -> AddressInUse:
    """Say that an address cannot be had."""
    return AddressInUse(f"Cannot listen at {address} ({error.strerror}). Set {setting} to another port.")

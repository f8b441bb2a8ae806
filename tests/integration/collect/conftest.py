"""The collector's own event loop: uvloop, whose transports are not asyncio's."""

import asyncio
from collections.abc import Callable, Mapping

import uvloop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run these tests on it."""
    return {"uvloop": uvloop.new_event_loop}

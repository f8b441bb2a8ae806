"""The one agent: raw records in, one at a time, in the order of their partitions."""

from collections.abc import Awaitable, Callable
from typing import Any

from streams.keeper import Keeper

Agent = Callable[[Any], Awaitable[None]]


def fold_events(keeper: Keeper) -> Agent:
    """Make the agent's body.

    Nothing may escape it: Faust acknowledges a record whose handler raised. What is wrong with a record
    is a refusal, decided by the keeper; anything else is a bug of ours, and the keeper stops the worker.
    """

    async def events(stream: Any) -> None:
        async for event in stream.events():
            await keeper.room()
            keeper.accept(event.message)

    return events

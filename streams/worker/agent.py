"""The agents' body: what was fetched in, one item at a time, in the order of its partition."""

from collections.abc import Awaitable, Callable
from typing import Any

from streams.shard.manager import ShardManager

Agent = Callable[[Any], Awaitable[None]]


def fold_fetched(keeper: ShardManager) -> Agent:
    """Make the agent's body.

    Nothing may escape it: Faust goes on behind an item whose handler raised. What is wrong with a record
    is a refusal, decided by the fold; anything else is a bug of ours, and the keeper stops the worker.
    """

    async def accept(stream: Any) -> None:
        async for event in stream.events():
            await keeper.room()
            keeper.accept(event.message.fetched)

    return accept

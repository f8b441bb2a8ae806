"""Which generation of state is shown, in Redis, and how far one is that is being rebuilt.

`<prefix>generation:<group>` holds the number of the one that is shown; it only rises.
`<prefix>generation:<group>:<number>:caught-up:<partition>` is there for some seconds after a worker said so.
"""

import re
from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis

from connections.generations import Choice, choose, existing_generations
from connections.redis import RedisUnavailable, answering
from models.settings import Settings

CAUGHT_UP_SECONDS = 3
_FORM = re.compile(r"0|[1-9][0-9]{0,8}")


class ShownGeneration:
    """The numbers of one deployment."""

    def __init__(self, redis: "Redis", settings: Settings) -> None:
        self.settings = settings
        self._redis = redis
        self._key = f"{settings.redis_prefix}generation:{settings.group}"

    async def get(self) -> int | None:
        """Tell which one is shown; None where Redis does not know, or holds no number.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        with answering(self._redis):
            return _number(await self._redis.get(self._key))

    async def raise_to(self, number: int) -> None:
        """Say that one is shown from now on, unless a later one is.

        Raises:
            RedisUnavailable: Redis does not answer.

        """

        async def rise(pipeline: Any) -> None:
            before = _number(await pipeline.get(self._key))
            pipeline.multi()
            if before is None or before < number:
                pipeline.set(self._key, number)

        with answering(self._redis):
            await self._redis.transaction(rise, self._key)

    async def publish(self, number: int, partitions: Iterable[int]) -> None:
        """Say for some seconds that these partitions of one are caught up.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        with answering(self._redis):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for partition in partitions:
                    pipeline.set(self._caught_up_key(number, partition), 1, ex=CAUGHT_UP_SECONDS)
                await pipeline.execute()

    async def count_caught_up(self, number: int, partitions: int) -> int:
        """Count the partitions of one that workers say to be caught up, all at the same moment.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        keys = [self._caught_up_key(number, partition) for partition in range(partitions)]
        with answering(self._redis):
            return sum(value is not None for value in await self._redis.mget(keys))

    async def current(self) -> int:
        """Tell which one a regular worker would count now; where Redis is away, the newest.

        Raises:
            KafkaUnavailable: the broker does not answer.

        """
        try:
            shown = await self.get()
        except RedisUnavailable:
            shown = None
        return max(await existing_generations(self.settings), default=0) if shown is None else shown

    async def choose(self, wanted: int | None) -> tuple[Choice, bool]:
        """Choose what to count; tell, too, whether one to be rebuilt has begun.

        Raises:
            KafkaUnavailable, RedisUnavailable: what must be known is not.
            NoSuchGeneration: what is wanted cannot be the next.

        """
        shown = await self.get()
        asks = shown is None or wanted is not None
        existing = await existing_generations(self.settings) if asks else []
        choice = choose(shown, max(existing, default=0), wanted)
        return choice, choice.own in existing

    def _caught_up_key(self, number: int, partition: int) -> str:
        return f"{self._key}:{number}:caught-up:{partition}"


def _number(found: str | bytes | None) -> int | None:
    return int(found) if found is not None and _FORM.fullmatch(str(found)) else None

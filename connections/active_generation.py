"""Which generation of the state is active, in Redis, and how far the one being rebuilt has come.

`<prefix>generation:<group>` holds the number of the active generation; it only rises.
`<prefix>generation:<group>:<number>:caught-up:<partition>` exists for some seconds after a worker
reported it.
"""

import re
from collections.abc import Iterable
from typing import Any

from redis.asyncio import Redis

from connections.generations import Choice, choose, existing_generations
from connections.redis import RedisUnavailable, answering
from models.settings import Settings

CAUGHT_UP_SECONDS = 3
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


class ActiveGeneration:
    """The active generation of one deployment."""

    def __init__(self, redis: "Redis", settings: Settings) -> None:
        self.settings = settings
        self._redis = redis
        self._key = f"{settings.redis_prefix}generation:{settings.group}"

    async def get(self) -> int | None:
        """Return the active generation; None where Redis holds no number.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        with answering(self._redis):
            return _number(await self._redis.get(self._key))

    async def raise_to(self, number: int) -> None:
        """Make a generation the active one, unless a later one is.

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
        """Report for some seconds that these partitions of a generation are caught up.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        with answering(self._redis):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for partition in partitions:
                    pipeline.set(self._caught_up_key(number, partition), 1, ex=CAUGHT_UP_SECONDS)
                await pipeline.execute()

    async def count_caught_up(self, number: int, partitions: int) -> int:
        """Count the partitions of a generation that workers report as caught up at this moment.

        Raises:
            RedisUnavailable: Redis does not answer.

        """
        keys = [self._caught_up_key(number, partition) for partition in range(partitions)]
        with answering(self._redis):
            return sum(value is not None for value in await self._redis.mget(keys))

    async def current(self) -> int:
        """Return the generation that a regular worker would count now; the newest where Redis is away.

        Raises:
            KafkaUnavailable: the broker does not answer.

        """
        try:
            active = await self.get()
        except RedisUnavailable:
            active = None
        return max(await existing_generations(self.settings), default=0) if active is None else active

    async def choose(self, wanted: int | None) -> tuple[Choice, bool]:
        """Choose the generation to count, and return whether it has begun where it is a rebuild.

        Raises:
            KafkaUnavailable, RedisUnavailable: a server that must be asked does not answer.
            NoSuchGeneration: `wanted` cannot be the next generation.

        """
        active = await self.get()
        asks = active is None or wanted is not None
        existing = await existing_generations(self.settings) if asks else []
        choice = choose(active, max(existing, default=0), wanted)
        return choice, choice.own in existing

    def _caught_up_key(self, number: int, partition: int) -> str:
        return f"{self._key}:{number}:caught-up:{partition}"


def _number(found: str | bytes | None) -> int | None:
    return int(found) if found is not None and _NUMBER.fullmatch(str(found)) else None
